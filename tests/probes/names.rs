//! `names`: what names alone tell.

use gonogo::probe::outcome::Answer::{self, Fail, NotApplicable, Pass};
use rstest::rstest;

use super::{Said, ask};

fn of(forbid: &str, names: &[&str]) -> Said {
    let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, "x")).collect();
    ask(&format!("{{ names: {{ files: '**', forbid: {forbid} }} }}"), &files)
}

#[test]
fn misspelt_names_are_told_with_the_word_meant() {
    of("misspelt", &["security/data_acceaa_matrix.md", "security/secretes_policy.md", "security/access.md"]).is(
        Fail,
        "2 names",
        &[
            "security/data_acceaa_matrix.md \"acceaa\" for \"access\"",
            "security/secretes_policy.md \"secretes\" for \"secrets\"",
        ],
    );
    of("misspelt", &["src/AuthMidleware.ts", "src/x.ts"]).is(
        Fail,
        "src/AuthMidleware.ts: \"midleware\" for \"middleware\"",
        &["src/AuthMidleware.ts \"midleware\" for \"middleware\""],
    );
}

#[test]
fn a_misspelt_directory_is_told_once() {
    of("misspelt", &["enviroments/a.tf", "enviroments/b/c.tf", "enviroments/b.tf"]).is(
        Fail,
        "enviroments/a.tf: the directory enviroments: \"enviroments\" for \"environments\"",
        &["enviroments/a.tf the directory enviroments: \"enviroments\" for \"environments\""],
    );
}

#[rstest]
#[case::separators(&["a/user-service.py", "a/user_service.py"], "user_service stands beside user-service")]
#[case::roles(&["a/user_service.py", "a/users_service.py"], "users_service stands beside user_service")]
#[case::classes(&["a/OrderController.java", "a/OrdersController.java"], "OrdersController stands beside OrderController")]
#[case::drawers(&["a/util.py", "a/utils.py"], "utils stands beside util")]
#[case::directories(&["a/util/x.py", "a/utils/x.py"], "utils stands beside util")]
#[case::a_slip(&["a/custmer.py", "a/customer.py"], "customer stands beside custmer: \"customer\" or \"custmer\"?")]
fn twins_are_told_with_each_other(#[case] names: &[&str], #[case] expected: &str) {
    let found = of("twins", names);
    assert_eq!(found.answer, Fail);
    assert_eq!(found.places.len(), 1, "{found:?}");
    assert!(found.places[0].ends_with(expected), "{found:?}");
}

#[rstest]
#[case::numbers(&["a/0001_x.sql", "a/0002_x.sql", "a/step1.py", "a/step2.py", "a/step-1-1.py", "a/step-11.py"])]
#[case::one_and_many(&["a/user.py", "a/users.py", "a/get-team.ts", "a/get-teams.ts"])]
#[case::endings(&["a/a.test.ts", "a/a.ts", "a/utils.ts", "a/util.py"])]
#[case::directories(&["a/user_service.py", "b/user-service.py"])]
#[case::translations(&["a/messages_en.json", "a/messages_es.json"])]
#[case::other_words(&["a/content.py", "a/context.py", "a/parser.rs", "a/parsed.rs", "a/reader.rs", "a/header.rs"])]
#[case::signs_at_the_ends(&["a/__init__.py", "a/init.py", "a/_form.erb", "a/form.erb", "a/c++", "a/c"])]
#[case::interfaces(&["a/IOrderService.cs", "a/OrderService.cs"])]
#[case::pictures(&["a/zap-exclude.png", "a/zap_exclude.png"])]
fn names_that_are_alike_on_purpose_are_no_twins(#[case] names: &[&str]) {
    of("twins", names).is(Pass, &format!("none among {} files", names.len()), &[]);
}

#[test]
fn names_that_differ_by_case_alone_are_told_once_at_the_top() {
    of("case-twins", &["README.md", "readme.md", "Docs/a.md", "docs/a.md", "docs/b.md"]).is(
        Fail,
        "2 names",
        &[
            "docs/a.md docs differs from Docs by case alone: one file on Windows and macOS",
            "readme.md readme.md differs from README.md by case alone: one file on Windows and macOS",
        ],
    );
    assert_eq!(of("case-twins", &["a/x.py", "b/X.py"]).answer, Pass);
}

#[test]
fn strays_are_what_was_left_behind_and_copies_beside_their_original() {
    of("strays", &["a.js-1", "b.orig", "deep-copy.ts", "notes.md", "notes-copy.md"]).is(
        Fail,
        "3 names",
        &[
            "a.js-1 a stray copy: \".js-1\"",
            "b.orig a stray copy: \".orig\"",
            "notes-copy.md a copy of notes.md beside it",
        ],
    );
}

#[rstest]
#[case("twins", Pass)]
#[case("case-twins", Pass)]
#[case("misspelt", Fail)]
#[case("strays", Pass)]
#[case("[twins, strays, misspelt]", Fail)]
fn only_what_is_forbidden_counts(#[case] forbid: &str, #[case] expected: Answer) {
    assert_eq!(of(forbid, &["midleware.py"]).answer, expected);
}

#[test]
fn no_names_are_not_applicable() {
    assert_eq!(ask("{ names: { files: '*.py', forbid: strays } }", &[("a.md", "")]).answer, NotApplicable);
}

#[test]
fn many_alike_names_take_no_longer_than_many_others() {
    let letters: Vec<String> =
        (0..20_000).map(|n| format!("a/aaaaaa{}.py", "b".repeat(n % 100) + &n.to_string())).collect();
    let names: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(of("[twins, case-twins, misspelt, strays]", &names).answer, Pass);
}
