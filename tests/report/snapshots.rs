//! The pages as a reader sees them.

use gonogo::report::format::Options;

use super::acme;

fn printed(format: &str, options: Options) -> String {
    let text = super::printed(&acme().board(), format, options);
    text.replace(concat!("gonogo ", env!("CARGO_PKG_VERSION")), "gonogo VERSION")
}

#[test]
fn the_page_for_a_terminal() {
    let text = printed("human", Options { width: 80, ..Options::default() });
    insta::assert_snapshot!(text, @r#"
    acme: Acme shop

      pilot       NO-GO        ✗ 1 failing  ○ 1 to answer  ↻ 1 stale  ◇ 1 waived
      standard    NO-GO        ✗ 2 failing  ○ 1 to answer  ↻ 1 stale  ◇ 1 waived
      enterprise  NO-GO        ✗ 2 failing  ○ 1 to answer  ↻ 1 stale  ◇ 1 waived

      All       ██▒▒▒▒░░░░░░  18–54   1 of 6 ready
      Secrets   ███░░░░░░░░░  33      1 of 3 ready
      Recovery  ▒▒▒▒▒▒▒▒▒▒▒▒  0–100   0 of 2 ready
      CI        ░░░░░░░░░░░░  0       0 of 1 ready

    Failing
      ✗ P0  Production secrets have no default                                   30m
            secrets.no-default
            found what must not be
            settings.py:41  secret_key = "ch••••••"
            a.py:1          secret_key = "ch••••••"
            a.py:2          secret_key = "ch••••••"
            and 4 more
            Ana noted on 12 Nov: will go with the vault change
            fix  Do what is right.

    To decide
      ↻ P0  A restore has been rehearsed
            dr.restore
            1 file changed since 12 Nov 2026
      ○ P0  A backup is taken every day                                        1h 5m
            dr.backup
            nobody has answered
            fix  Do what is right.

    Waived
      ◇ P0  Keys can be rotated                                                  30m
            secrets.rotated
            waived 24 days more, Ben: vault comes in December
            k.py:7  secret_key = "ch••••••"

    Path to GO for pilot
      4 steps, about 2h 5m, 1 without an estimate, 2 for a person
       1. ✗     30m  secrets.no-default
       2. ◇     30m  secrets.rotated
      a person has to speak:
       3. ○   1h 5m  dr.backup
       4. ↻       ?  dr.restore

    acme at main 3f9c2e1a, 4 files changed · 812 files · 1 item not applicable
    ruler 9f86d081884c · 21 Nov 2026 20:41 UTC · gonogo VERSION
    "#);
}

#[test]
fn the_snapshot_for_the_repository() {
    let text = printed("markdown", Options::default());
    insta::assert_snapshot!(text, @r#"
    <!-- Written by gonogo: a report, and no evidence. -->
    # Readiness of acme

    Checklist: Acme shop.

    | tier | verdict | failing | undecided | waived | effort |
    | --- | --- | ---: | ---: | ---: | ---: |
    | Pilot | **NO-GO** | 1 | 2 | 1 | 2h 5m |
    | Standard | **NO-GO** | 2 | 2 | 1 | 2h 35m |
    | Enterprise | **NO-GO** | 2 | 2 | 1 | 2h 35m |

    Score 18–54, maturity prototype, 1 item not applicable.

    ## Secrets (33)

    - [ ] **failed** P0 Production secrets have no default `secrets.no-default`
      - found what must not be
      - `settings.py:41`
      - `a.py:1`
      - `a.py:2`
      - `b.py:9`
      - `c.py:3`
      - and 2 more
      - Fix: Do what is right.
      - Ana noted on 12 Nov: will go with the vault change
    - [ ] **waived** P0 Keys can be rotated `secrets.rotated`
      - waived 24 days more, Ben: vault comes in December
      - `k.py:7`
    - [x] **passed** P0 Real environment files are ignored by git `secrets.env-ignored`

    ## Recovery (0–100)

    - [ ] **stale** P0 A restore has been rehearsed `dr.restore`
      - 1 file changed since 12 Nov 2026
    - [ ] **open** P0 A backup is taken every day `dr.backup`
      - nobody has answered
      - Fix: Do what is right.

    ## CI (0)

    - [ ] **failed** P1 Actions are pinned to a commit `ci.pinned`
      - found what must not be
      - `ci.yml:12`
      - Fix: Do what is right.
    - **not-applicable** P0 No secret in public build variables `ci.public`
      - no web client

    ## Path to GO for Pilot

    1. Production secrets have no default `secrets.no-default`: 30m
    2. Keys can be rotated `secrets.rotated`: 30m
    3. A backup is taken every day `dr.backup`: 1h 5m, needs a person
    4. A restore has been rehearsed `dr.restore`: effort unknown, needs a person

    ## Waivers

    | item | until | by | reason | status |
    | --- | --- | --- | --- | --- |
    | secrets.rotated | 15 Dec 2026 | Ben | vault comes in December | waived |

    ## What was looked at

    - Tree: `acme`, 812 files
    - Commit: `3f9c2e1a` on `main`, 4 files changed
    - Checklists: `builtin:enterprise`
    - Ruler: `9f86d081884c7d659a2feaa0`
    - Day: 2026-11-21
    - Tool: gonogo VERSION
    "#);
}
