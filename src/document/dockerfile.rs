//! Dockerfiles: `{args: {NAME: default}, stages: [{name, base, instructions: [{op, args}]}]}`.

use crate::document::build::{MapBuilder, string};
use crate::document::dockerfile_args::{Args, assignments};
use crate::document::dockerfile_lines::{Logical, logical_lines};
use crate::document::lines::LineIndex;
use crate::document::node::{Node, Span, Value};
use crate::document::problem::{ParseProblem, Parsed, without_bom};

/// Continuations are folded and heredocs kept; a `base` has its flags cut off and the defaults of global
/// `ARG`s put in; a stage without `AS` has the name null.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let text = without_bom(text);
    let lines = LineIndex::new(text);
    match read(text, &lines) {
        Ok(node) => Parsed::one(node),
        Err(problem) => Parsed::failed(explain(problem, text)),
    }
}

fn read(text: &str, lines: &LineIndex<'_>) -> Result<Node, ParseProblem> {
    if let Some(problem) = ParseProblem::too_large(text) {
        return Err(problem);
    }
    let mut reader = Reader { lines, args: Args::default(), args_map: MapBuilder::default(), stages: Vec::new() };
    for logical in logical_lines(text, lines)? {
        reader.instruction(&logical)?;
    }
    if reader.stages.is_empty() {
        return Err(ParseProblem::at(lines, 0, "there is no FROM in this Dockerfile"));
    }
    Ok(reader.finish(lines.span(0..text.len())))
}

fn explain(problem: ParseProblem, text: &str) -> ParseProblem {
    if !text.contains("{{") && !text.contains("{%") {
        return problem;
    }
    ParseProblem { message: format!("this looks like a template ({})", problem.message), ..problem }
}

struct Reader<'a> {
    lines: &'a LineIndex<'a>,
    args: Args,
    args_map: MapBuilder,
    stages: Vec<Stage>,
}

struct Stage {
    name: Node,
    base: Node,
    from: Span,
    instructions: Vec<Node>,
}

impl Reader<'_> {
    fn instruction(&mut self, logical: &Logical) -> Result<(), ParseProblem> {
        let (op, args) = logical.text.split_once(char::is_whitespace).unwrap_or((&logical.text, ""));
        if !op.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(ParseProblem::at(self.lines, logical.start, "this is no instruction"));
        }
        let offset = logical.start + logical.text.len() - args.trim_start().len();
        let args = args.trim();
        let args_range = offset.min(logical.end)..logical.end;
        let op = op.to_ascii_uppercase();
        if op == "FROM" {
            self.stages.push(self.stage(logical, args, args_range.start)?);
            return Ok(());
        }
        if let Some(stage) = self.stages.last_mut() {
            let op_range = logical.start..logical.start + op.len();
            let mut map = MapBuilder::default();
            map.put("op", self.lines.span(op_range.clone()), string(self.lines, op_range, op));
            map.put("args", self.lines.span(args_range.clone()), string(self.lines, args_range, args));
            stage.instructions.push(map.finish(self.lines.span(logical.start..logical.end)));
            return Ok(());
        }
        if op != "ARG" {
            return Err(ParseProblem::at(self.lines, logical.start, format!("{op} stands before the first FROM")));
        }
        self.global_args(args, self.lines.span(args_range));
        Ok(())
    }

    fn global_args(&mut self, args: &str, span: Span) {
        for (name, default) in assignments(args) {
            let default = default.map(|text| self.args.expand(&text));
            let value = default.clone().map_or(Value::Null, Value::String);
            self.args_map.put(name.clone(), span, Node { span, value });
            self.args.define(name, default);
        }
    }

    fn stage(&self, logical: &Logical, args: &str, offset: usize) -> Result<Stage, ParseProblem> {
        let mut words = args
            .split_ascii_whitespace()
            .map(|word| (offset + (word.as_ptr() as usize - args.as_ptr() as usize), word))
            .skip_while(|(_, word)| word.starts_with("--"));
        let Some((base_start, base)) = words.next() else {
            return Err(ParseProblem::at(self.lines, logical.start, "FROM names no image"));
        };
        // A folded word may reach beyond what it covers on its line; the instruction bounds it.
        let place = |start: usize, word: &str| {
            let start = start.min(logical.end);
            start..(start + word.len()).min(logical.end)
        };
        let from = self.lines.span(logical.start..logical.end);
        let named = words.next().filter(|(_, word)| word.eq_ignore_ascii_case("as")).and_then(|_| words.next());
        let name = match named {
            Some((start, name)) => string(self.lines, place(start, name), name),
            None => Node { span: from, value: Value::Null },
        };
        let base = string(self.lines, place(base_start, base), self.args.expand(base.trim_matches(['"', '\''])));
        Ok(Stage { name, base, from, instructions: Vec::new() })
    }

    fn finish(self, whole: Span) -> Node {
        let stages = self.stages.into_iter().map(Stage::finish).collect();
        let mut map = MapBuilder::default();
        map.put("args", whole, self.args_map.finish(whole));
        map.put("stages", whole, Node { span: whole, value: Value::List(stages) });
        map.finish(whole)
    }
}

impl Stage {
    fn finish(self) -> Node {
        let mut span = self.from;
        if let Some(last) = self.instructions.last() {
            (span.end_line, span.end_column) = (last.span.end_line, last.span.end_column);
        }
        let mut map = MapBuilder::default();
        map.put("name", self.name.span, self.name);
        map.put("base", self.base.span, self.base);
        map.put("instructions", span, Node { span, value: Value::List(self.instructions) });
        map.finish(span)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(text: &str) -> Node {
        let parsed = parse(text);
        assert_eq!(parsed.problem, None, "{text}");
        parsed.documents.into_iter().next().unwrap()
    }

    fn problem(text: &str) -> ParseProblem {
        parse(text).problem.expect("a problem")
    }

    #[test]
    fn stages_have_bases_names_and_instructions() {
        let text = "# syntax=docker/dockerfile:1\nARG TAG=3.12 \\\n  OS=\"slim\"\nARG IMAGE=python:${TAG}-$OS\n\
                    FROM --platform=$BUILDPLATFORM ${IMAGE} AS build\nRUN apt-get update && \\\n    # why\n\n    apt-get install -y gcc\n\
                    FROM scratch\nONBUILD COPY . .\nuser 1000\n";
        let node = whole(text);
        assert_eq!(node.get("args").unwrap().text(), r#"{"TAG":"3.12","OS":"slim","IMAGE":"python:3.12-slim"}"#);
        let stages = node.get("stages").unwrap().items().unwrap();
        assert_eq!(stages[0].get("base").unwrap().as_str(), Some("python:3.12-slim"));
        assert_eq!(stages[0].get("base").unwrap().span.column, 32);
        assert_eq!(stages[0].get("name").unwrap().as_str(), Some("build"));
        let run = &stages[0].get("instructions").unwrap().items().unwrap()[0];
        assert_eq!(run.text(), r#"{"op":"RUN","args":"apt-get update && apt-get install -y gcc"}"#);
        assert_eq!((run.span.line, run.span.end_line), (6, 9));
        let second = stages[1].get("instructions").unwrap().text();
        assert_eq!(second, r#"[{"op":"ONBUILD","args":"COPY . ."},{"op":"USER","args":"1000"}]"#);
        assert_eq!(stages[1].get("name").unwrap().value, Value::Null);
    }

    #[test]
    fn heredocs_belong_to_their_instruction() {
        let node = whole(
            "FROM a\nRUN <<EOF\nset -e\nFROM=1 \\\nEOF\nCOPY <<-'A' <<B /x/\n\tone\n\tA\ntwo\nB\nRUN echo $((1<<2))\n",
        );
        let instructions = node.get("stages").unwrap().items().unwrap()[0].get("instructions").unwrap();
        let args: Vec<String> = instructions.items().unwrap().iter().map(|i| i.get("args").unwrap().text()).collect();
        assert_eq!(args, ["<<EOF\nset -e\nFROM=1 \\\nEOF", "<<-'A' <<B /x/\n\tone\n\tA\ntwo\nB", "echo $((1<<2))"]);
        assert!(problem("FROM a\nRUN <<EOF\nx\n").message.contains("EOF"));
    }

    #[test]
    fn the_escape_directive_changes_what_continues_a_line() {
        let node = whole("# escape=`\r\nFROM win\r\nRUN dir c:\\ `\r\n  && x\r\n");
        let instructions = node.get("stages").unwrap().items().unwrap()[0].get("instructions").unwrap();
        assert_eq!(instructions.text(), r#"[{"op":"RUN","args":"dir c:\\ && x"}]"#);
    }

    #[test]
    fn unknown_arguments_stay_as_written_and_defaults_are_used() {
        let node = whole("ARG A\nFROM ${A}/${B:-x}:$C@${A:+y}${broken\n");
        let base = node.get("stages").unwrap().items().unwrap()[0].get("base").unwrap().text();
        assert_eq!(base, "${A}/x:$C@${broken");
    }

    #[test]
    fn what_does_not_build_is_a_problem() {
        assert_eq!(problem("# x\nRUN a\nFROM b\n").line, 2);
        assert!(problem("FROM\n").message.contains("no image"));
        assert!(problem("").message.contains("no FROM"));
        assert!(problem("{{ from }}\nRUN x\n").message.contains("template"));
        assert!(problem("FROM a\n<<<<<<< HEAD\n").message.contains("no instruction"));
    }

    #[test]
    fn arguments_that_double_each_other_stay_small() {
        let mut text = "ARG a0=xxxxxxxx\n".to_owned();
        for level in 1..60 {
            text += &format!("ARG a{level}=$a{0}$a{0}\n", level - 1);
        }
        assert!(whole(&format!("{text}FROM $a59\n")).text().len() < 300_000);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "(FROM a AS b|RUN|ARG| |<<E|E|\\\\|\n|\r|#|=|\\$\\{|\\$a|\\}|:-|é|\"|')*"]) {
            let _ = parse(&text);
        }
    }
}
