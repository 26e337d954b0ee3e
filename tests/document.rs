//! A query finds a value in any kind of document, with the place where a person sees it.

use gonogo::document::{Kind, Query, Queryable, parse};

#[track_caller]
fn found(path: &str, text: &str, query: &str) -> Vec<String> {
    let Some(kind) = Kind::of(path) else { panic!("{path} has no kind") };
    let parsed = parse(kind, text);
    assert_eq!(parsed.problem, None, "{path}");
    let query = Query::new(query).unwrap_or_else(|problem| panic!("{problem}"));
    let nodes = parsed.documents.iter().flat_map(|document| query.select(&Queryable::new(document)));
    nodes.map(|node| format!("{path}:{}:{}: {}", node.span.line, node.span.column, node.text())).collect()
}

#[test]
fn one_query_language_reaches_into_every_kind() {
    let compose = "x-base: &base\n  restart: always\nservices:\n  db:\n    <<: *base\n    image: postgres:16\n";
    assert_eq!(found("compose.yaml", compose, "$.services.*.image"), ["compose.yaml:6:12: postgres:16"]);
    assert_eq!(found("compose.yaml", compose, "$.services.*.restart"), ["compose.yaml:2:12: always"]);
    let manifest = "{\n  // why\n  \"scripts\": {\"test\": \"jest\"},\n}\n";
    assert_eq!(found("package.json", manifest, "$.scripts.test"), ["package.json:3:23: jest"]);
    let cargo = "[profile.release]\nlto = \"thin\"\n";
    assert_eq!(found("Cargo.toml", cargo, "$.profile.release.lto"), ["Cargo.toml:2:7: thin"]);
    let image = "ARG V=3.12\nFROM python:${V} AS app\nRUN a && \\\n  b\nUSER app\n";
    assert_eq!(found("Dockerfile", image, "$.stages[-1].base"), ["Dockerfile:2:6: python:3.12"]);
    let user = "$.stages[-1].instructions[?@.op == 'USER'].args";
    assert_eq!(found("Dockerfile", image, user), ["Dockerfile:5:6: app"]);
    assert_eq!(found(".env.example", "# x\nDEBUG=false\n", "$.DEBUG"), [".env.example:2:7: false"]);
    assert_eq!(found("tox.ini", "[tox]\nenvlist = py312\n", "$.tox.envlist"), ["tox.ini:2:11: py312"]);
    let project =
        "<Project>\n  <PropertyGroup Label='x'>\n    <Nullable>enable</Nullable>\n  </PropertyGroup>\n</Project>\n";
    assert_eq!(found("App.csproj", project, "$.Project.PropertyGroup.Nullable"), ["App.csproj:3:15: enable"]);
    assert_eq!(found("App.csproj", project, "$..['@Label']"), ["App.csproj:2:25: x"]);
    let pinned = "$[?@.name == 'django'].specifier";
    assert_eq!(found("requirements.txt", "django==5.0\n", pinned), ["requirements.txt:1:7: ==5.0"]);
}

#[test]
fn every_document_of_a_stream_is_queried() {
    let stream = "kind: A\n---\nkind: B\n";
    assert_eq!(found("k8s.yml", stream, "$.kind"), ["k8s.yml:1:7: A", "k8s.yml:3:7: B"]);
}

#[test]
fn a_document_that_does_not_parse_says_where_and_keeps_what_stood_before() {
    let parsed = parse(Kind::Yaml, "a: 1\n---\nb: 1\nb: 2\n");
    assert_eq!(parsed.documents.len(), 1);
    let problem = parsed.problem.map(|problem| (problem.line, problem.column, problem.message));
    assert_eq!(problem, Some((4, 1, "the key \"b\" stands twice in this map".to_owned())));
}
