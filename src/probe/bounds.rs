//! Numbers within bounds.

/// What a number must be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds {
    at_least: Option<f64>,
    at_most: Option<f64>,
}

impl Bounds {
    #[must_use]
    pub fn new(at_least: Option<&str>, at_most: Option<&str>) -> Self {
        Self { at_least: at_least.and_then(number), at_most: at_most.and_then(number) }
    }

    /// Whether there are any.
    #[must_use]
    pub fn bind(&self) -> bool {
        self.at_least.is_some() || self.at_most.is_some()
    }

    /// Why this text is not within them.
    #[must_use]
    pub fn broken_by(&self, text: &str) -> Option<String> {
        if !self.bind() {
            return None;
        }
        // What is no number may be anything, also a secret.
        let Some(value) = number(text) else { return Some("is no number".to_owned()) };
        let too_small =
            self.at_least.filter(|least| value < *least).map(|least| format!("{value} is less than {least}"));
        let too_great = || self.at_most.filter(|most| value > *most).map(|most| format!("{value} is more than {most}"));
        too_small.or_else(too_great)
    }
}

/// `70`, `70%`, `1_000`
fn number(text: &str) -> Option<f64> {
    text.trim().trim_end_matches('%').trim().replace('_', "").parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_says_how_it_is_broken() {
        let bounds = Bounds::new(Some("70"), Some("99.5"));
        let broken = |text| bounds.broken_by(text).unwrap_or_default();
        assert_eq!(broken("60"), "60 is less than 70");
        assert_eq!(broken("1_00 %"), "100 is more than 99.5");
        assert_eq!(broken("70"), "");
        assert_eq!(broken("many"), "is no number");
        assert_eq!(broken("1e999"), "is no number");
        assert_eq!(Bounds::default().broken_by("many"), None);
    }
}
