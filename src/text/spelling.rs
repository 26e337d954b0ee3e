//! Words that file names use, and what a word that is none of them was probably meant to be.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Words that are often misspelt or that matter where they are. A word near to one of them is taken for it.
const MEANT: &str = "
    access account accounts action actions activity adapter address administration aggregate analysis analytics
    application applications architecture archive asset assets attachment attribute attributes audit authenticate
    authentication authorization available backend backup backups balance benchmark billing browser calendar
    categories category certificate changelog channel checklist client cluster collection column command comment
    commit common compatibility compliance component components compose config configuration connection constant
    constants container content context contributing controller conversion conversions converter coverage create
    credential credentials currency customer dashboard database default dependencies dependency deploy deployment
    deployments description destination details detection development dictionary directory disaster discovery docker
    dockerfile document documentation documents domain download duplicate editor element email encryption endpoint
    endpoints entity environment environments error event example exception exceptions execution exporter extension
    external factory feature features firewall format formatter forward frequency frontend function functions gateway
    generate generator guidelines handler handlers header health helper helpers hierarchy history identifier identity
    immediate implementation import incident independent infrastructure initialize inspector install installation
    instance instances integration interceptor interface internal inventory invoice invoices issue javascript
    kubernetes language layout liability library license listener loader localization location logger logging
    maintenance management manager manifest measurement memory message messages metadata metrics middleware migration
    migrations model models module monitor monitoring multiple navigation necessary network notification notifications
    observability occurred occurrence operation operations options orchestration organization overview package
    packages parameter parameters partition password payment payments performance permission permissions persistence
    pipeline plugin policies policy postgres preference preferences prerequisites privacy procedure process processor
    production profile project properties property provider providers public queries query readiness readme
    recommendation recovery redirect reference register registration registry release repository request requests
    requirement requirements resolver resource resources response restore retention retrieve rollback router routes
    runbook sample schedule scheduler schema scripts search secret secrets security separate serializer server service
    services session sessions settings signature specification statistics status storage strategy structure submission
    subscription success summary support synchronize system tables template templates terraform testing threshold
    timeout timestamp tracing transaction transactions transfer transform translation translations troubleshooting
    tutorial typescript unique update upgrade upload utilities utility utils validation validator variable variables
    verification verify version versions webhook webhooks website widget worker workflow workflows workspace wrapper
";

/// Other words that are near to one of those and right.
const REAL: &str = "
    accents accept accepts accessor accounted acting adaptor addressed adopter adventure advice advise advisory affect
    alignment allocation allocations amount analyse analyser analyze analyzer applicant applicator assembly asserts
    asses assess assessment assignment assignments attachments attention attribution auditor auditors authored
    authorisation authorise authority authorize backed balanced banned banner batches bearer behavior behaviour
    billings branch branches brand broker brother browse builder building buildings bundle bundler cached caller
    cancel canceled cancelled cancer cargo carrier caster casting catalog catalogue catcher categorise categorize
    categorizer cause center centre changed channels charge charger charges chart checker checkers choices circle
    citations clause cleaner clients clipboard closer closest closure coating coder coding collation collations
    collator collected collector collectors colour combination combine comets comics coming commander comments
    commerce commission commits committee commons commune communication community compact companion compare comparison
    compat compatible competition competitors compilation compiled compiler complete completion compliant complication
    compliments composer compound compress computation computer condition conditions conductor confection confections
    conference conferred configs confirm confirmation conflict confused connect connected connecting connections
    connector connectors conscious consent conservation consistent constraint constraints construct constructions
    consult consumer contact contacted contacts contain contained containerize containers containment contend contents
    contest contexts continent continuous contract contraction contractors contracts contrast contribute contribution
    contributions contributor contributors control controllers convection convention conventions conversation
    conversations converse convert converted coordinator copied corner correct correction corrections cosmetic council
    counter country county course courses cover covers crated crater crates creates creation creator creature
    creditors cruise cursor cursors custom customers customise customize customized customs cutter dancer danger
    dashed dated dedication deduction defaults defect deferred delete deleted deletes deliver delivery demolition
    departure dependable dependabot depended dependent dependents depletion deployable deploys deprecation described
    descriptor design designer destruction detail detainee detect detector detention determine device devices devise
    devised diagram dialect dialog dialogue differ differed difference digest dimension direct direction directions
    directive directives director directors disclosure discover display disposal distance distinct distinction diver
    divers dives dividend docked docket documentary documented donation doses double downloads driver duplication
    edition editors education effect elected election elevation emails embed emulation encoder encoding engine
    engineer enhancement enrichment entities entries entropy envelope environmental environnement environnements
    equality errors eruption estate estimation even evens events exact examples except excepted exceptional exchange
    exclusion excursion executable execute executions executor exemption exertion expansion expectation expectations
    expected expense expired expires explanation export exported exporters exporting exports exposure expression
    extended extensions extensive extent extinction extract extraction facade faction factor factories factors failure
    fashion faster father favorite favourite fearless featured featuring feedback fiction fields filled filter filters
    finder firefox fleet folded folder folders fonts forecast foreign formal formals formation formats formatted
    formed former forms formula fortune forum forwarder forwards foster fraction fragment frame framework friction
    frontier fullstack fusion gather general generated generation generic getaway global globals goggle google grants
    graphic grouped guide handed handle handled handles hardware hashed hatch headers healthy heather helmet helped
    histogram hosted hosting hunger image immigration immutable implication imported importer imports improve
    inception incidence income increment indents independence indexer indication indicator induction infection
    inferred inflection inheritance initial initialise initiate injection injector innovation inputs insertion
    inspection inspectors inspiration instant instants instead institute instruction instructions insulation insurance
    intent intention interact interaction interactions intercept interest interfaced interference interior interlaced
    interpreter intersection interval intervention invention inversion invitation invitations invite invited invites
    invocation involved isolation issued issuer jacket journal keeper kernel kotlin labeled labelled ladder lander
    langage latest launch launcher laundry leader lecture leisure lesson letter licence licensed licenses limited
    liquid listed listen listing listings literal little loaded loading locale locales localisation localise localize
    locate locator lodging logged logical logout mailer managed manages mapped mapper markdown marker market marketing
    massage master matched matcher matches mature measure measures mediation medical medication meditation meeting
    member members mention merchant metered method metric metrical migrate migrated migrating migrator mission mixture
    mobile modal modals modeling modelled modelling modern modifier modular modules moment money monitored monitors
    mother motion mounted multiplication mutation mutations naming narrations narrator nation nations native nature
    navigator netty normalise normalize notary notation notice notifier notify number object objection obligation
    observation observations operate operating operator operators opinion optics optimisation optimise optimization
    optimize optional oracle orations orator organisation organise organiser organize organizer orientation original
    outing overlap overlay override overrides overwrites packaged packager packers packet packets packing padding
    pained painted painter panel parcel parent parsed parser parses partial participation particle particles partner
    passage passed passport patches patient patron pattern payload penalty pending percent perfection perform
    performed perimeter period permits persistent person picker pickets pinned planner plaster platform player plumber
    pocket pointer police policing poller popular portal portion position positions possible poster posture power
    practice practise preceding precise predicate prediction preface prefer preferred prefix premium preparation
    presentation preservation preserve president press pressure pressures pretension prevent prevention preview
    primary printer private problem proceed proceeds processed processes processing procfile produce producer product
    productions products profession professor profiler profiles progress projected projection projector projects
    promise prompt proper protect protected protection protections protest protocol provide provided provides province
    provision provisional proxied proxies publish publisher pulled purchase quantity quarry quarter queried question
    queue queued quota quotations quote radius random ranger ranking rations reaction reactions reader readers
    realization receive recipe recipes record recorder recording recover reduction referenced references referral
    referrer reflection reform refresh refund region regional regions registered registers registrar registrator
    registries rejection relation relations relative released relevance relevant religion religions relocation remote
    removal removed render renderer repair repeat replace replica replication reported reporter reports represent
    representation reproduction reputation requested requester require required requires rescue research reservation
    reserve reset resolve resolved resort resorts resourced respond responses ressource ressources restored restrict
    restriction result results retail retain retired retry return revenue reverse revert review revision reward ribbon
    rolled roller rotation rotations rounded rounds routed routers routine routing ruler runner sandbox scalable
    scaled scanner scatter scheduled schedules schemas scheme school science scored scream screen scripted scroll
    sealed seance searched season second secondary section sections secure seeder segment select selected selection
    selector semver sender senior sensor sentence separation separator sequence serial serialisation serialise
    serialization serialize series serious served serverless servers serviced servicer serving setting settled setup
    sever severe severed severer severity severs shaded shades shared shares shield shipment shipping shower signal
    signals signatures signed signer signup simple single singles sitter sketch slicer slider smaller socket softer
    solution solver sorted sorter source sources specialise specialize specific spinner spring sprite stable staged
    stages standard started starter starts state stated states static station stations statistic statistical stats
    statue statute statutes stopped stored stores storing stork strapped stream streams street stress strict stricture
    string strings stripe strong structured structures student studio styled styles stylus subject submit submitted
    subscribe subscriber substitute succeed suggestion suite summarise summarize summit supplier supplies supported
    supporter suppose surface survey suspend switch symbol symbols synchronise syntax synthesis systemd tabler tablets
    tagged target teacher tempest tension tester testers texture themed therapy thread threads throttle ticket tickets
    toggle tolerance tooltip topic trace traced traces track tracked tracker tracking tracks training transact
    transcript transit transition transitions translate translated translating translator translators transmission
    transport treasure treatment trigger trusted turbine tutor unicode unified uniform union unit universe updated
    updater updates upgrades uploads upright urgent usable usage used users utilisation utilise utilize validate
    validated validating validations valuation value values variant variants varied variety vector vendor verified
    verifier verse versed verses vertical vessel vesting victory viewer viewport village virtual virtualise vision
    visitor visitors vocation volume voting waiter waning warden warned warning wasted watch watcher webpack wedding
    weight windows wizard wonder wording worked workers working workload workspaces world wrapped wrappers writer
    zipper
";

/// How words end that are forms of others.
const FORMS: [&str; 12] = ["s", "es", "ed", "d", "ing", "er", "ers", "or", "ors", "able", "al", "ly"];

/// Neighbours on a keyboard: a finger that was a little off.
const KEYS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// How words end that are near to English ones and right in other languages.
const FOREIGN: [&str; 13] =
    ["cion", "ciones", "cao", "coes", "zione", "zioni", "entos", "ento", "antes", "entes", "icio", "icios", "esse"];

/// What one word has at its end where a form of it has another.
const ENDINGS: [&str; 39] = [
    "a", "able", "al", "als", "ance", "ant", "ants", "ate", "ated", "ator", "d", "e", "ed", "ence", "ent", "er", "ers",
    "es", "ic", "ied", "ies", "ing", "ings", "ion", "ions", "ise", "ised", "ity", "ive", "ize", "ized", "izer", "ment",
    "n", "or", "ors", "r", "s", "y",
];

/// Shorter words have too many neighbours.
const SHORTEST: usize = 6;
/// Longer ones are no words.
pub const LONGEST: usize = 30;
/// From here on two letters may be wrong.
const LONG: usize = 10;

struct Words {
    known: HashSet<&'static str>,
    /// The known words without their endings.
    stems: HashSet<&'static str>,
    /// The words meant, by their first letter: that one is hardly ever wrong.
    meant: HashMap<u8, Vec<&'static str>>,
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let meant = || MEANT.split_whitespace();
        let known: HashSet<&str> = meant().chain(REAL.split_whitespace()).collect();
        let stems = known.iter().flat_map(|word| stems(word)).collect();
        let mut by_letter: HashMap<u8, Vec<&'static str>> = HashMap::new();
        for word in meant().filter(|word| word.len() >= SHORTEST) {
            by_letter.entry(word.as_bytes()[0]).or_default().push(word);
        }
        Words { known, stems, meant: by_letter }
    })
}

/// The word without each ending that it has; `es` follows a hiss or an `o` alone.
fn stems(word: &str) -> impl Iterator<Item = &str> {
    let stem = move |ending: &&str| {
        let stem = word.strip_suffix(*ending)?;
        (stem.len() > 3 && (*ending != "es" || stem.ends_with(['s', 'x', 'z', 'h', 'o']))).then_some(stem)
    };
    FORMS.iter().filter_map(stem)
}

/// The word that this one, in lower case, was probably meant to be: `None` for a word that is right or that may be
/// anything.
#[must_use]
pub fn meant(word: &str) -> Option<&'static str> {
    let is_word = (SHORTEST..=LONGEST).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_word || is_known(word) || FOREIGN.iter().any(|ending| word.ends_with(ending)) {
        return None;
    }
    let candidates = words().meant.get(&word.as_bytes()[0])?;
    let near = candidates.iter().filter(|candidate| candidate.len().abs_diff(word.len()) <= 2);
    let slips = near.filter(|candidate| is_slip(word, candidate));
    slips.copied().min_by_key(|candidate| (distance(word, candidate), *candidate))
}

/// Whether the word is one that people use on purpose, or a form of one.
#[must_use]
pub fn is_known(word: &str) -> bool {
    is_in_lists(word) || is_in_lists(&word.replace("is", "iz").replace("our", "or"))
}

fn is_in_lists(word: &str) -> bool {
    let words = words();
    let is_form = |stem: &str| {
        let with_e = format!("{stem}e");
        words.known.contains(stem) || words.known.contains(with_e.as_str()) || words.stems.contains(stem)
    };
    let starts = ["un", "re", "pre", "non", "sub", "multi", "auto", "inter", "micro"];
    words.known.contains(word)
        || stems(word).any(is_form)
        || starts.iter().any(|start| word.strip_prefix(start).is_some_and(|rest| words.known.contains(rest)))
}

/// Whether a hurried writer who meant `meant` could have written `word`.
fn is_slip(word: &str, meant: &str) -> bool {
    let differing: Vec<(u8, u8)> = word.bytes().zip(meant.bytes()).filter(|(a, b)| a != b).collect();
    if is_other_form(word, meant) {
        return false;
    }
    let same_length = word.len() == meant.len();
    let is_close = |(a, b): &(u8, u8)| are_neighbours(*a, *b);
    match distance(word, meant) {
        1 if same_length && differing.len() == 1 => {
            let vowels = |(a, b): (u8, u8)| b"aeiou".contains(&a) && b"aeiou".contains(&b);
            meant.len() >= LONG || is_close(&differing[0]) || vowels(differing[0])
        }
        1 => true,
        // Two letters exchanged by their neighbours, or two slips in a long word that are more than other letters.
        2 if same_length && differing.len() == 2 => differing.iter().all(is_close),
        2 => meant.len() >= LONG,
        _ => false,
    }
}

/// Forms of one word: they differ in their endings, or one goes on after the other.
fn is_other_form(word: &str, meant: &str) -> bool {
    let same = word.bytes().zip(meant.bytes()).take_while(|(a, b)| a == b).count();
    let (rest, meant_rest) = (&word[same..], &meant[same..]);
    let doubled = rest.len() == 1 && meant_rest.is_empty() && word.as_bytes()[same] == word.as_bytes()[same - 1];
    if same < 4 || doubled || (rest, meant_rest) == ("es", "s") {
        return false;
    }
    rest.is_empty() || meant_rest.is_empty() || (ENDINGS.contains(&rest) && ENDINGS.contains(&meant_rest))
}

fn are_neighbours(a: u8, b: u8) -> bool {
    let place = |byte: u8| {
        KEYS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.bytes().position(|key| key == byte)?)))
    };
    let (Some((row, at)), Some((other_row, other_at))) = (place(a), place(b)) else { return false };
    row.abs_diff(other_row) <= 1 && at.abs_diff(other_at) <= 1
}

/// How many letters were left out, put in, exchanged or swapped with the next one. Of longer words than
/// [`LONGEST`] only the beginning counts.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (&a.as_bytes()[..a.len().min(LONGEST)], &b.as_bytes()[..b.len().min(LONGEST)]);
    // The last three rows of the table.
    let mut rows = [[0_usize; LONGEST + 1]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        let (now, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = i;
        for j in 1..=b.len() {
            let changed = rows[last][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[last][j] + 1).min(rows[now][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[before][j - 2] + 1);
            }
            rows[now][j] = least;
        }
    }
    rows[a.len() % 3][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_with_the_word_meant() {
        for (word, expected) in [
            ("acceaa", "access"),
            ("secretes", "secrets"),
            ("enviroment", "environment"),
            ("requirments", "requirements"),
            ("authentification", "authentication"),
            ("authetication", "authentication"),
            ("midleware", "middleware"),
            ("configration", "configuration"),
            ("securty", "security"),
            ("servcie", "service"),
            ("depoyment", "deployment"),
            ("perferences", "preferences"),
            ("seperate", "separate"),
            ("extermal", "external"),
            ("entitiy", "entity"),
            ("convertions", "conversions"),
            ("componet", "component"),
        ] {
            assert_eq!(meant(word), Some(expected), "{word}");
        }
    }

    #[test]
    fn other_words_and_other_forms_are_none() {
        for word in "
            authenticator middlewares environmental reconfigure deployments migrator migrating navigator police message
            massage stream scream contexts contact content consent protection production execution exception
            organisation colour serialisers serializer spring string semver server openapi openai aplicacion
            configuracion servicios documentos konfiguration ressources environnement authenticat handlers
            initialiser tracking procfile customhr dependabot detekt roboto stylus tailwind vuetify graphql modelo
        "
        .split_whitespace()
        {
            assert_eq!(meant(word), None, "{word}");
        }
    }

    #[test]
    fn every_word_meant_is_known_and_stands_there_once() {
        let mut all: Vec<&str> = MEANT.split_whitespace().chain(REAL.split_whitespace()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(MEANT.split_whitespace().all(|word| meant(word).is_none()));
    }
}
