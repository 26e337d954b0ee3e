//! A probe as a checklist writes it: in its shortest form, sets and variables put in.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::checklist::model::{
    Checksum, CommandProbe, GitProbe, Member, PathsProbe, Probe, QueryProbe, SarifProbe, Selection, Size, TextProbe,
    View, Want,
};
use crate::checklist::sets::{CompareProbe, Relation, SetSource, Take};
use crate::text::visible::clip;

/// The probe as YAML that the reader takes for the same probe.
#[must_use]
pub fn yaml(probe: &Probe) -> String {
    serde_yaml::to_string(&spelled(probe)).unwrap_or_default()
}

/// The probe in a few words: its kind, what it looks for, and where.
#[must_use]
pub fn brief(probe: &Probe) -> String {
    if let Probe::Ask(question) = probe {
        return clip(question, BRIEF).into_owned();
    }
    let spelled = spelled(probe);
    let Some((kind, value)) = spelled.as_object().and_then(|keys| keys.iter().next()) else { return String::new() };
    let looked_for = ["find", "forbid", "every", "select"].into_iter().find_map(|key| value.get(key).map(first));
    let files = value.get("files").unwrap_or(value);
    let words = [Some(kind.clone()), looked_for, Some(first(files))];
    let words: Vec<String> = words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    clip(&words.join(" "), BRIEF).into_owned()
}

/// A name on a line of a screen.
const BRIEF: usize = 60;

/// A text, or the first of several; of what nests its kind is enough.
fn first(value: &Value) -> String {
    match value {
        Value::Array(several) => several.first().map(first).unwrap_or_default(),
        Value::Object(keys) => keys.keys().next().cloned().unwrap_or_default(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn spelled(probe: &Probe) -> Value {
    let members = |members: &[Member]| members.iter().map(member).collect::<Value>();
    match probe {
        Probe::All(all) => json!({ "all": members(all) }),
        Probe::Any(any) => json!({ "any": members(any) }),
        Probe::Not(member) => json!({ "not": spelled(member) }),
        Probe::Exists(paths) => json!({ "exists": selected(paths, Size::Nonempty) }),
        Probe::Absent(paths) => json!({ "absent": selected(paths, Size::Any) }),
        Probe::Text(probe) => json!({ "text": text(probe) }),
        Probe::Query(probe) => json!({ "query": query(probe) }),
        Probe::Encoding(probe) => json!({ "encoding": forbidding(&probe.files, &probe.forbid) }),
        Probe::Names(probe) => json!({ "names": forbidding(&probe.files, &probe.forbid) }),
        Probe::Compare(probe) => json!({ "compare": compare(probe) }),
        Probe::Git(probe) => json!({ "git": git(probe) }),
        Probe::Sarif(probe) => json!({ "sarif": sarif(probe) }),
        Probe::Command(probe) => json!({ "command": command(probe) }),
        Probe::Ask(question) => json!({ "ask": question }),
    }
}

fn member(member: &Member) -> Value {
    let mut value = spelled(&member.probe);
    if let (Some(part), Some(keys)) = (&member.part, value.as_object_mut()) {
        keys.insert("part".to_owned(), json!(part));
    }
    value
}

/// The keys that are written, in the order of the manual.
#[derive(Default)]
struct Keys(Map<String, Value>);

impl Keys {
    fn of(files: &Selection) -> Self {
        Self::default().put("files", one_or_many(&files.globs)).put_if(files.all, "scope", "all")
    }

    fn put(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    fn put_if(self, is_said: bool, key: &str, value: impl Into<Value>) -> Self {
        if is_said { self.put(key, value) } else { self }
    }

    fn put_some(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

fn selected(paths: &PathsProbe, usual: Size) -> Value {
    let size = match paths.size {
        Size::Any => "any",
        Size::Empty => "empty",
        Size::Nonempty => "nonempty",
    };
    let keys = Keys::of(&paths.files)
        .put_if(paths.min != 1, "min", paths.min)
        .put_if(paths.size != usual, "size", size)
        .put_some("tracked", paths.tracked);
    if keys.0.len() == 1 { one_or_many(&paths.files.globs) } else { keys.done() }
}

fn view(view: View) -> &'static str {
    match view {
        View::Code => "code",
        View::Comment => "comment",
        View::Any => "any",
    }
}

fn text(probe: &TextProbe) -> Value {
    Keys::of(&probe.files)
        .put(want(probe.want), one_or_many(&probe.patterns))
        .put_some("unless", probe.unless.clone())
        .put_if(probe.within > 0, "within", probe.within)
        .put_if(probe.view != View::Code, "in", view(probe.view))
        .put_if(probe.each, "each", true)
        .put_if(probe.multiline, "multiline", true)
        .put_some("at_least", probe.at_least.as_deref().map(number))
        .put_some("at_most", probe.at_most.as_deref().map(number))
        .put_some("entropy", probe.entropy.as_deref().map(number))
        .put_some("checksum", probe.checksum.map(|Checksum::Crc32Base62| "crc32-base62"))
        .done()
}

fn query(probe: &QueryProbe) -> Value {
    Keys::of(&probe.files)
        .put_some("as", probe.kind.clone())
        .put("select", probe.select.clone())
        .put_if(!probe.patterns.is_empty(), want(probe.want), one_or_many(&probe.patterns))
        .put_if(probe.each, "each", true)
        .put_some("at_least", probe.at_least.as_deref().map(number))
        .put_some("at_most", probe.at_most.as_deref().map(number))
        .done()
}

fn compare(probe: &CompareProbe) -> Value {
    let calling = &probe.calling;
    let folds = [(calling.fold_case, "case"), (calling.fold_separators, "separators")];
    let folds: Vec<String> = folds.iter().filter(|(folds, _)| *folds).map(|(_, word)| (*word).to_owned()).collect();
    let expect = match probe.expect {
        Relation::Subset => "subset",
        Relation::Equal => "equal",
        Relation::Disjoint => "disjoint",
    };
    Keys::default()
        .put("left", sources(&probe.left))
        .put("right", sources(&probe.right))
        .put("expect", expect)
        .put_if(probe.at_most > 0, "at_most", probe.at_most)
        .put_if(!folds.is_empty(), "fold", one_or_many(&folds))
        .put_if(!calling.rename.is_empty(), "rename", json!(calling.rename))
        .done()
}

fn forbidding<T: Serialize>(files: &Selection, faults: &[T]) -> Value {
    Keys::of(files).put("forbid", json!(faults)).done()
}

fn sources(all: &[SetSource]) -> Value {
    match all {
        [only] => source(only),
        many => many.iter().map(source).collect(),
    }
}

fn source(source: &SetSource) -> Value {
    let files = || Keys::of(&source.files);
    let document =
        |kind: &Option<String>, key, select: &String| files().put_some("as", kind.clone()).put(key, select.clone());
    let keys = match &source.take {
        Take::Lines(lines) => files().put_if(*lines != View::Code, "in", view(*lines)),
        Take::Nodes { kind, select } => document(kind, "select", select),
        Take::Keys { kind, select } => document(kind, "keys", select),
        Take::Paths => {
            Keys::default().put("paths", one_or_many(&source.files.globs)).put_if(source.files.all, "scope", "all")
        }
        Take::Words(words) => Keys::default().put("words", one_or_many(words)),
    };
    keys.put_if(!source.capture.is_empty(), "capture", one_or_many(&source.capture))
        .put_some("unless", source.unless.clone())
        .done()
}

fn git(probe: &GitProbe) -> Value {
    match probe {
        GitProbe::Tracked(globs) => json!({ "tracked": one_or_many(globs) }),
        GitProbe::Ignored(names) => json!({ "ignored": one_or_many(names) }),
        GitProbe::NeverCommitted(globs) => json!({ "never_committed": one_or_many(globs) }),
        GitProbe::Newest { paths, within_days } => {
            json!({ "newest": one_or_many(paths), "within": format!("{within_days}d") })
        }
    }
}

fn command(probe: &CommandProbe) -> Value {
    Keys::default()
        .put("run", json!(probe.run))
        .put("timeout", format!("{}s", probe.timeout_seconds))
        .put_if(probe.exit != 0, "exit", probe.exit)
        .put_if(!probe.covers.is_empty(), "covers", one_or_many(&probe.covers))
        .done()
}

fn sarif(probe: &SarifProbe) -> Value {
    let [error, warning, note] = probe.at_most;
    let limits = Keys::default().put_some("error", error).put_some("warning", warning).put_some("note", note);
    Keys::default()
        .put("files", one_or_many(&probe.files.globs))
        .put("at_most", limits.done())
        .put_some("tool", probe.tool.clone())
        .put_some("max_age", probe.max_age_days.map(|days| format!("{days}d")))
        .done()
}

fn want(want: Want) -> &'static str {
    match want {
        Want::Find => "find",
        Want::Forbid => "forbid",
        Want::Every => "every",
    }
}

fn one_or_many(texts: &[String]) -> Value {
    match texts {
        [only] => json!(only),
        many => json!(many),
    }
}

/// A bound is kept as it was written, and YAML would take its text for a text.
fn number(written: &str) -> Value {
    written.parse::<i64>().map(Value::from).or_else(|_| written.parse::<f64>().map(Value::from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::checklist::faults::{EncodingFault, EncodingProbe, NameFault, NamesProbe};
    use crate::checklist::merge::{self, Entry, Loader};
    use crate::checklist::sets::Calling;

    struct One(String);

    impl Loader for One {
        fn load(&self, _: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }

    /// Read back from a checklist of its own, in which no set and no variable is known.
    fn read_back(probes: &[&Probe]) -> Vec<Option<Probe>> {
        let mut text = String::from("gonogo: 1\ncategories: [{ id: t, title: T }]\nitems:\n");
        for (number, probe) in probes.iter().enumerate() {
            text += &format!("- id: t.n{number}\n  title: T\n  why: w\n  fix: f\n  priority: P0\n  probe:\n");
            yaml(probe).lines().for_each(|line| text += &format!("    {line}\n"));
        }
        let (checklist, problems) = merge::load(&Entry::File("gonogo.yaml".to_owned()), &One(text));
        assert_eq!(problems, []);
        checklist.items.iter().map(|item| item.probe.clone()).collect()
    }

    fn comes_back(probes: &[&Probe]) {
        for (probe, read) in probes.iter().zip(read_back(probes)) {
            assert_eq!(read.as_ref(), Some(*probe), "{}", yaml(probe));
        }
    }

    #[test]
    fn every_probe_of_the_catalogue_is_read_back_as_it_was() {
        let (checklist, _) = merge::load(&Entry::Builtin("enterprise".to_owned()), &One(String::new()));
        let probes: Vec<&Probe> = checklist.items.iter().flat_map(|item| item.when.iter().chain(&item.probe)).collect();
        assert!(probes.len() > 50);
        // Spelled out, all of them are more than one file may hold.
        probes.chunks(100).for_each(comes_back);
    }

    #[test]
    fn every_option_is_read_back_as_it_was() {
        let files = |all| Selection { globs: vec!["*.py".into(), "!a.py".into()], all };
        let paths = |min, size, tracked| PathsProbe { files: files(true), min, size, tracked };
        let text = TextProbe {
            files: files(false),
            want: Want::Find,
            patterns: vec!["yes(.)".into(), "no: # 'x' (.*)".into()],
            unless: Some("^\\$\\{X\\}".into()),
            within: 3,
            view: View::Comment,
            each: true,
            multiline: true,
            at_least: Some("70".into()),
            at_most: None,
            entropy: Some("3.5".into()),
            checksum: Some(Checksum::Crc32Base62),
        };
        let query = QueryProbe {
            files: files(true),
            kind: Some("yaml".into()),
            select: "$['a b'][*]".into(),
            want: Want::Every,
            patterns: vec!["12".into()],
            each: true,
            at_least: Some("-1".into()),
            at_most: Some("0.5".into()),
        };
        let bounded = QueryProbe { want: Want::Find, patterns: Vec::new(), ..query.clone() };
        let globs = || vec!["**/.env".to_owned()];
        let source =
            |take| SetSource { files: files(true), take, capture: vec!["a(b)".into()], unless: Some("^x$".into()) };
        let selected = |select: &str| Take::Nodes { kind: Some("json".into()), select: select.into() };
        let words = SetSource {
            files: Selection::default(),
            take: Take::Words(vec!["a".into(), "yes".into()]),
            capture: Vec::new(),
            ..source(Take::Paths)
        };
        let compare = CompareProbe {
            left: vec![source(Take::Lines(View::Any)), source(selected("$.a"))],
            right: vec![words, source(Take::Paths), source(Take::Keys { kind: None, select: "$".into() })],
            expect: Relation::Disjoint,
            at_most: 3,
            calling: Calling {
                fold_case: true,
                fold_separators: true,
                rename: BTreeMap::from([("PIL".to_owned(), "pillow".to_owned())]),
            },
        };
        comes_back(&[
            &Probe::Exists(paths(3, Size::Any, None)),
            &Probe::Absent(paths(1, Size::Empty, Some(false))),
            &Probe::Text(TextProbe {
                at_least: None,
                each: false,
                view: View::Any,
                want: Want::Forbid,
                ..text.clone()
            }),
            &Probe::Text(text),
            &Probe::Not(Box::new(Probe::Any(vec![Probe::Query(query).into(), Probe::Query(bounded).into()]))),
            &Probe::Compare(CompareProbe { left: vec![source(Take::Lines(View::Code))], ..compare.clone() }),
            &Probe::Compare(compare),
            &Probe::Encoding(EncodingProbe { files: files(true), forbid: EncodingFault::ALL.to_vec() }),
            &Probe::Names(NamesProbe { files: files(false), forbid: NameFault::ALL.to_vec() }),
            &Probe::All(vec![
                Member { probe: Probe::Ask("Why: really?".into()), part: Some("the why".into()) },
                Probe::Ask("And how?".into()).into(),
            ]),
            &Probe::Git(GitProbe::Tracked(globs())),
            &Probe::Git(GitProbe::Ignored(vec!["build/".into(), ".env".into()])),
            &Probe::Git(GitProbe::NeverCommitted(globs())),
            &Probe::Git(GitProbe::Newest { paths: globs(), within_days: 90 }),
        ]);
    }

    #[test]
    fn what_goes_without_saying_is_not_said() {
        let files = Selection { globs: vec!["LICENSE".into()], all: false };
        let exists = Probe::Exists(PathsProbe { files, min: 1, size: Size::Nonempty, tracked: None });
        assert_eq!(yaml(&exists), "exists: LICENSE\n");
    }
}
