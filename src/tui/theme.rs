//! Colours by role. A theme is a base16 file of the tinted-theming format, or one of two that need no
//! file: `terminal` takes the terminal's own sixteen colours, `mono` takes none.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::document;
use crate::readiness::board::Verdict;
use crate::readiness::status::Status;

type Rgb = [u8; 3];

/// What a colour is for. Views name roles, never colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Text,
    Muted,
    Emphasis,
    Accent,
    Ok,
    Likely,
    Ask,
    Warn,
    Disputed,
    Bad,
    Waived,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    pub name: String,
    pub title: String,
    colours: Colours,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Colours {
    Mono,
    Terminal,
    Base16(Box<[Rgb; 16]>),
}

/// How many colours the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    True,
    Indexed,
}

const EMBEDDED: [(&str, &str); 7] = [
    ("catppuccin-latte", include_str!("../../themes/catppuccin-latte.yaml")),
    ("catppuccin-mocha", include_str!("../../themes/catppuccin-mocha.yaml")),
    ("gruvbox-dark", include_str!("../../themes/gruvbox-dark.yaml")),
    ("nord", include_str!("../../themes/nord.yaml")),
    ("sky-and-vermilion", include_str!("../../themes/sky-and-vermilion.yaml")),
    ("sky-and-vermilion-light", include_str!("../../themes/sky-and-vermilion-light.yaml")),
    ("solarized-light", include_str!("../../themes/solarized-light.yaml")),
];

/// Every theme there is: `terminal`, `mono`, the embedded ones, and those the user has (name and YAML).
///
/// # Errors
/// One line per user theme that cannot be read; the others are still there.
#[must_use]
pub fn all(own: &[(String, String)]) -> (Vec<Theme>, Vec<String>) {
    let mut themes = vec![Theme::terminal(), Theme::mono()];
    let mut problems = Vec::new();
    let embedded = EMBEDDED.iter().copied();
    for (name, yaml) in embedded.chain(own.iter().map(|(name, yaml)| (name.as_str(), yaml.as_str()))) {
        match Theme::parse(name, yaml) {
            Ok(theme) => {
                themes.retain(|known| known.name != theme.name);
                themes.push(theme);
            }
            Err(problem) => problems.push(format!("theme {name}: {problem}")),
        }
    }
    (themes, problems)
}

#[derive(Deserialize)]
struct Wire {
    name: Option<String>,
    palette: std::collections::BTreeMap<String, String>,
}

impl Theme {
    #[must_use]
    pub fn terminal() -> Self {
        let title = "The terminal's own colours".to_owned();
        Self { name: "terminal".to_owned(), title, colours: Colours::Terminal }
    }

    #[must_use]
    pub fn mono() -> Self {
        Self { name: "mono".to_owned(), title: "No colour at all".to_owned(), colours: Colours::Mono }
    }

    /// # Errors
    /// One line: the file is no YAML, or a colour is missing or misspelt.
    pub fn parse(name: &str, yaml: &str) -> Result<Self, String> {
        // What is nested deep keeps the reader below busy for minutes.
        if let Some(problem) = document::parse(document::Kind::Yaml, yaml).problem {
            return Err(format!("line {}: {}", problem.line, problem.message));
        }
        let wire: Wire = serde_yaml::from_str(yaml).map_err(|error| error.to_string())?;
        let mut palette = [[0; 3]; 16];
        for (i, colour) in palette.iter_mut().enumerate() {
            let key = format!("base{i:02X}");
            let text = wire.palette.get(&key).ok_or_else(|| format!("{key} is missing from the palette"))?;
            *colour = hex(text).ok_or_else(|| format!("{key}: \"{text}\" is no colour, write it as \"1d2021\""))?;
        }
        // Many palettes keep comments so faint that they can't be read on a projector.
        palette[3] = readable(palette[3], palette[0], palette[5]);
        let title = wire.name.unwrap_or_else(|| name.to_owned());
        Ok(Self { name: name.to_owned(), title, colours: Colours::Base16(Box::new(palette)) })
    }

    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        let style = match &self.colours {
            Colours::Mono => Style::new(),
            Colours::Terminal => terminal_colour(role).map_or_else(Style::new, |colour| Style::new().fg(colour)),
            Colours::Base16(palette) => Style::new().fg(rgb(palette[base16(role)])),
        };
        match (role, &self.colours) {
            (Role::Emphasis, _) | (Role::Accent | Role::Bad, Colours::Mono) => style.add_modifier(Modifier::BOLD),
            (Role::Muted, Colours::Mono) => style.add_modifier(Modifier::DIM),
            _ => style,
        }
    }

    /// The ground that everything stands on.
    #[must_use]
    pub fn ground(&self) -> Style {
        match &self.colours {
            Colours::Base16(palette) => Style::new().fg(rgb(palette[5])).bg(rgb(palette[0])),
            Colours::Mono | Colours::Terminal => Style::new(),
        }
    }

    /// What lies under an overlay.
    #[must_use]
    pub fn raised(&self) -> Style {
        match &self.colours {
            Colours::Base16(palette) => Style::new().fg(rgb(palette[5])).bg(rgb(palette[1])),
            Colours::Mono | Colours::Terminal => Style::new(),
        }
    }

    /// The row that keys act on. `strong` is the panel that has the focus.
    #[must_use]
    pub fn selection(&self, strong: bool) -> Style {
        match (&self.colours, strong) {
            (Colours::Base16(palette), true) => Style::new().bg(rgb(palette[2])),
            (Colours::Base16(palette), false) => Style::new().bg(rgb(palette[1])),
            // Nothing else is readable on both dark and light: the ground and the text change places.
            (_, true) => Style::new().fg(Color::Reset).remove_modifier(Modifier::DIM).add_modifier(Modifier::REVERSED),
            (_, false) => Style::new().add_modifier(Modifier::BOLD),
        }
    }

    #[must_use]
    pub fn status(&self, status: Status) -> Style {
        self.style(status_role(status))
    }

    #[must_use]
    pub fn verdict(&self, verdict: Verdict) -> Style {
        let role = match verdict {
            Verdict::Go => Role::Ok,
            Verdict::Conditional => Role::Waived,
            Verdict::Incomplete => Role::Warn,
            Verdict::NoGo => Role::Bad,
        };
        self.style(role).add_modifier(Modifier::BOLD)
    }
}

#[must_use]
pub fn status_role(status: Status) -> Role {
    match status {
        Status::Passed | Status::Attested => Role::Ok,
        Status::Likely => Role::Likely,
        Status::Open => Role::Ask,
        Status::Stale | Status::Unknown => Role::Warn,
        Status::Disputed => Role::Disputed,
        Status::Waived => Role::Waived,
        Status::Failed => Role::Bad,
        Status::NotApplicable => Role::Muted,
    }
}

fn base16(role: Role) -> usize {
    match role {
        // Some palettes keep a pastel in 06: weight is enough to stress a word.
        Role::Text | Role::Emphasis => 0x5,
        Role::Muted => 0x3,
        Role::Accent | Role::Ask => 0xd,
        Role::Ok => 0xb,
        Role::Likely => 0xc,
        Role::Warn => 0xa,
        Role::Disputed => 0x9,
        Role::Bad => 0x8,
        Role::Waived => 0xe,
    }
}

fn terminal_colour(role: Role) -> Option<Color> {
    Some(match role {
        Role::Text | Role::Emphasis => return None,
        Role::Muted => Color::DarkGray,
        Role::Accent | Role::Ask => Color::Blue,
        Role::Ok => Color::Green,
        Role::Likely => Color::Cyan,
        Role::Warn | Role::Disputed => Color::Yellow,
        Role::Bad => Color::Red,
        Role::Waived => Color::Magenta,
    })
}

fn rgb([r, g, b]: Rgb) -> Color {
    Color::Rgb(r, g, b)
}

fn hex(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let byte = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
    Some([byte(0)?, byte(2)?, byte(4)?])
}

/// Moves a colour towards the text until it stands out from the ground at 3 to 1.
fn readable(colour: Rgb, ground: Rgb, text: Rgb) -> Rgb {
    let mixed = |part: u16| -> Rgb {
        std::array::from_fn(|i| ((u16::from(colour[i]) * (16 - part) + u16::from(text[i]) * part) / 16) as u8)
    };
    (0..=16).map(mixed).find(|mixed| contrast(*mixed, ground) >= 3.0).unwrap_or(text)
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// The nearest of the 256 colours, for terminals that have no more.
#[must_use]
pub fn indexed(r: u8, g: u8, b: u8) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let distance = |a: Rgb| -> u32 { a.iter().zip([r, g, b]).map(|(x, y)| u32::from(x.abs_diff(y)).pow(2)).sum() };
    let nearest = |channel: u8| (0..6).min_by_key(|i| STEPS[*i].abs_diff(channel)).unwrap_or(0);
    let (x, y, z) = (nearest(r), nearest(g), nearest(b));
    let grey = ((u16::from(r) + u16::from(g) + u16::from(b)) / 3).saturating_sub(3) / 10;
    let grey = grey.min(23) as u8;
    if distance([8 + 10 * grey; 3]) < distance([STEPS[x], STEPS[y], STEPS[z]]) {
        232 + grey
    } else {
        (16 + 36 * x + 6 * y + z) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_theme_can_be_read_and_keeps_its_words_readable() {
        let (themes, problems) = all(&[]);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(themes.len(), EMBEDDED.len() + 2);
        for theme in &themes {
            let Colours::Base16(palette) = &theme.colours else { continue };
            assert!(contrast(palette[3], palette[0]) >= 3.0, "{}: muted text is too faint", theme.name);
            assert!(contrast(palette[5], palette[0]) >= 4.5, "{}: text is too faint", theme.name);
            assert!(contrast(palette[5], palette[2]) >= 3.5, "{}: selected text is too faint", theme.name);
        }
    }

    #[test]
    fn a_misspelt_colour_is_named() {
        let broken = include_str!("../../themes/nord.yaml").replace("bf616a", "red");
        assert_eq!(
            Theme::parse("mine", &broken),
            Err("base08: \"red\" is no colour, write it as \"1d2021\"".to_owned())
        );
        assert!(Theme::parse("mine", "palette: {}").unwrap_err().contains("base00 is missing"));
    }

    #[test]
    fn grey_and_colour_find_their_place_among_256() {
        assert_eq!(indexed(255, 0, 0), 196);
        assert_eq!(indexed(18, 18, 18), 233);
        assert_eq!(indexed(255, 255, 255), 231);
    }
}
