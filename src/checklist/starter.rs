//! What `gonogo init` writes: a checklist that works at once and shows how to make it one's own.

/// The text of a first `gonogo.yaml`.
pub const STARTER: &str = r##"# What must hold before this system goes live. `gonogo lint` checks this file,
# `gonogo schema` prints its format for your editor, `gonogo explain ID` tells about one item.
gonogo: 1
title: My system

# Everything comes from the built-in checklist; below, what differs here. Files inside
# the tree can be extended, too: ./team.yaml
extends: [builtin:enterprise]

# File selections that are used as $name. `skip` names what no probe looks at.
sets:
  skip: ["$default-skip", "legacy/**"]
  runbooks: ["docs/runbooks/**/*.md"]

categories:
  - { id: own, title: Our own rules, about: What only this system needs }

items:
  # An id that exists already is overridden field by field.
  # - id: secrets.no-private-key
  #   effort: 2h

  # An item that makes no sense here is dropped; the report counts it.
  # - id: secrets.no-credentials-in-urls
  #   disabled: true

  # A question that a machine answers.
  - id: own.runbook-has-rollback
    title: Every runbook says how to roll back
    why: At three in the morning nobody works it out alone.
    fix: Add a "Rollback" section to each runbook.
    priority: P1
    effort: 30m
    probe:
      text: { files: $runbooks, find: '(?i)^#+ .*roll ?back', in: any, each: true }
    no_files: fail
    cases:
      - pass: { "docs/runbooks/deploy.md": "# Deploy\n## Rollback\n" }
      - fail: { "docs/runbooks/deploy.md": "# Deploy\n" }
      - fail: { "README.md": "no runbook at all\n" }

  # A question that only a person answers; the answer is asked for again after half a year,
  # and as soon as one of the covered files changes.
  - id: own.on-call-knows
    title: Whoever is on call has practised a rollback
    why: What was never practised does not work under pressure.
    fix: Roll back on staging together, once.
    priority: P2
    covers: ["docs/runbooks/**"]
    review_every: 180d
"##;
