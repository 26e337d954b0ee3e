use std::fs;
use std::sync::Arc;
use std::time::Duration;

use gonogo::ledger::Ledger;
use gonogo::ledger::decision::{Decision, Kind};
use gonogo::ledger::store::Store;
use gonogo::tree::blob::BlobId;
use gonogo::tree::path::RelPath;
use tempfile::tempdir;

use super::{decision, names_below};

#[test]
fn looking_makes_nothing() {
    let root = tempdir().unwrap();
    let store = Store::open(root.path());
    assert_eq!(store.load_all(), Default::default());
    assert_eq!(store.load_item("ci.pinned"), Default::default());
    assert!(names_below(root.path()).is_empty());
}

#[test]
fn what_was_decided_is_there_after_a_restart() {
    let root = tempdir().unwrap();
    let kinds =
        [Kind::Attest, Kind::Retract, Kind::Note, Kind::Waive, Kind::Dismiss, Kind::NotApplicable, Kind::Assign];
    let mut decided: Vec<Decision> =
        (0..).zip(kinds).map(|(second, kind)| decision("ci.pinned", kind, second)).collect();
    decided[0].note = "seen \u{1b}[31m at 20:41\r\n\tby \u{202e}me: 'yes' # no".to_owned();
    decided[0].covers.insert(RelPath::new("a b/ç: #.yml"), BlobId::of(b"x"));
    for decision in &decided {
        let recorded = Store::open(root.path()).append(decision).unwrap();
        assert_eq!(*recorded, *decision);
    }
    Store::open(root.path()).append(&decision("dr.rehearsed", Kind::Attest, 0)).unwrap();

    let loaded = Store::open(root.path()).load_all();
    assert_eq!(loaded.items.keys().collect::<Vec<_>>(), ["ci.pinned", "dr.rehearsed"]);
    let read: Vec<Decision> = loaded.items["ci.pinned"].decisions.iter().map(|read| Decision::clone(read)).collect();
    assert_eq!(read, decided);
    assert_eq!(Store::open(root.path()).load_item("ci.pinned"), loaded.items["ci.pinned"]);
    assert!(loaded.problems.is_empty() && loaded.items.values().all(|files| files.unreadable.is_empty()));
}

#[test]
fn a_name_that_is_taken_is_never_replaced() {
    let root = tempdir().unwrap();
    let store = Store::open(root.path());
    let first = decision("a", Kind::Note, 1);
    let second = Decision { note: "another".to_owned(), ..first.clone() };
    assert_eq!(store.append(&first).unwrap().name, first.name);
    let recorded = store.append(&second).unwrap();
    assert_ne!(recorded.name, first.name);
    assert_eq!(recorded.note, "another");
    let mut found = store.load_item("a").decisions;
    found.sort_by_key(|found| found.note != "as agreed");
    assert_eq!(found, [Arc::new(first), recorded]);
}

#[test]
fn nothing_but_the_decision_is_left_in_its_folder() {
    let root = tempdir().unwrap();
    let recorded = Store::open(root.path()).append(&decision("a", Kind::Note, 1)).unwrap();
    let file = format!(".gonogo/ledger/a/{}.yaml", recorded.name);
    assert_eq!(names_below(root.path()), [".gonogo", ".gonogo/ledger", ".gonogo/ledger/a", &file]);
}

#[test]
fn what_a_killed_process_left_is_swept_away_once_it_is_old() {
    let root = tempdir().unwrap();
    let store = Store::open(root.path());
    store.append(&decision("a", Kind::Note, 1)).unwrap();
    let folder = root.path().join(".gonogo/ledger/a");
    let leave = |name: &str, hours: u64| {
        let file = fs::File::create(folder.join(name)).unwrap();
        file.set_modified(file.metadata().unwrap().modified().unwrap() - Duration::from_secs(hours * 3600)).unwrap();
    };
    leave(".Ab3.gonogo.tmp", 2);
    leave(".Cd4.gonogo.tmp", 0);
    leave(".keep", 2);
    store.append(&decision("a", Kind::Note, 2)).unwrap();
    let left: Vec<String> = names_below(&folder).into_iter().filter(|name| name.starts_with('.')).collect();
    assert_eq!(left, [".Cd4.gonogo.tmp", ".keep"]);
    assert_eq!(store.load_item("a").decisions.len(), 2);
}

#[cfg(unix)]
#[test]
fn a_second_auditor_may_read_what_the_umask_allows() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempdir().unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let recorded = Store::open(root.path()).append(&decision("a", Kind::Note, 1)).unwrap();
    let usual_file = root.path().join("usual");
    let usual_folder = root.path().join("folder");
    fs::write(&usual_file, "").unwrap();
    fs::create_dir(&usual_folder).unwrap();
    let folder = root.path().join(".gonogo/ledger/a");
    assert_eq!(mode(&folder), mode(&usual_folder));
    assert_eq!(mode(&folder.join(format!("{}.yaml", recorded.name))), mode(&usual_file) & 0o644);
}

#[test]
fn an_id_that_leads_out_of_the_ledger_is_refused() {
    let root = tempdir().unwrap();
    let store = Store::open(root.path());
    for item in ["../../evil", "/tmp/evil", "a/b", "..", "", ".hidden", "a\u{1b}[2J", &"a".repeat(121)] {
        let error = store.append(&decision(item, Kind::Attest, 1)).unwrap_err().to_string();
        assert!(error.starts_with("cannot record a decision about ") && !error.contains('\u{1b}'), "{error}");
        assert_eq!(store.load_item(item), Default::default());
    }
    let named = Decision { name: "../x".to_owned(), ..decision("a", Kind::Attest, 1) };
    assert!(store.append(&named).unwrap_err().to_string().contains("\"../x\" is no name of a decision"));
    assert!(names_below(root.path()).is_empty());
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let root = tempdir().unwrap();
    let store = Store::open(root.path());
    let endless = Decision { expires: None, ..decision("a", Kind::Waive, 1) };
    assert!(store.append(&endless).unwrap_err().to_string().contains("a waiver needs the last day"));
    let mut broad = decision("a", Kind::Attest, 1);
    broad.covers = (0..6_000).map(|n| (RelPath::new(&format!("src/{n}")), BlobId::of(b"x"))).collect();
    assert!(
        store
            .append(&broad)
            .unwrap_err()
            .to_string()
            .contains("larger than 256 KB; narrow the item's \"covers\" (6000 files)")
    );
    assert!(names_below(root.path()).is_empty());
}

#[test]
fn only_items_that_changed_are_folded_again() {
    let root = tempdir().unwrap();
    let store = Store::open(root.path());
    store.append(&decision("a", Kind::Attest, 1)).unwrap();
    store.append(&decision("b", Kind::Attest, 1)).unwrap();
    let mut ledger = Ledger::new(store.load_all());
    let (a, b) = (ledger.standing("a"), ledger.standing("b"));

    assert!(!ledger.reload_item("a", store.load_item("a")));
    assert!(ledger.reload(store.load_all()).is_empty());
    assert!(Arc::ptr_eq(&ledger.standing("a"), &a));

    let second = store.append(&decision("b", Kind::Note, 2)).unwrap();
    assert!(ledger.insert(Arc::clone(&second)));
    assert!(!ledger.insert(second));
    assert!(!ledger.reload_item("b", store.load_item("b")));
    assert_eq!(ledger.standing("b").notes.len(), 1);
    assert_ne!(ledger.standing("b"), b);

    store.append(&decision("c", Kind::Note, 3)).unwrap();
    fs::remove_dir_all(root.path().join(".gonogo/ledger/b")).unwrap();
    assert_eq!(ledger.reload(store.load_all()), ["b", "c"]);
    assert!(Arc::ptr_eq(&ledger.standing("a"), &a));
    assert_eq!(ledger.items().map(|(item, _)| item).collect::<Vec<_>>(), ["a", "c"]);
}
