//! Where each panel stands at a size. A pure function, so that `update` can keep the selection inside
//! the list without having drawn anything, and so that nothing ever jumps when a count changes.

use ratatui::layout::Rect;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Categories, list and detail side by side.
    Wide,
    /// Categories as a strip on top, list above detail.
    Medium,
    /// One thing at a time.
    Narrow,
    /// A status pane of at most three rows.
    Strip,
}

/// Empty rectangles are panels that this size has no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub shape: Shape,
    pub whole: Rect,
    pub header: Rect,
    pub categories: Rect,
    pub verdict: Rect,
    pub list_title: Rect,
    pub list: Rect,
    pub detail: Rect,
    pub activity: Rect,
    pub footer: Rect,
    /// Rows that are nothing but a line: y, and from which column on.
    pub rules: [Option<(u16, u16)>; 3],
    /// The column that parts the categories from the rest.
    pub wall: Option<u16>,
}

const SIDE: u16 = 32;
const WIDE_SIDE: u16 = 38;
const VERDICT_ROWS: u16 = 9;

impl Layout {
    #[must_use]
    pub fn of(width: u16, height: u16) -> Self {
        let whole = Rect::new(0, 0, width, height);
        if height <= 3 || width < 12 {
            return Self { header: Rect { height: height.min(1), ..whole }, ..Self::empty(Shape::Strip, whole) };
        }
        if width >= 100 && height >= 18 {
            return Self::wide(whole);
        }
        if width >= 60 && height >= 16 {
            return Self::medium(whole);
        }
        Self::narrow(whole)
    }

    fn empty(shape: Shape, whole: Rect) -> Self {
        let none = Rect::ZERO;
        Self {
            shape,
            whole,
            header: none,
            categories: none,
            verdict: none,
            list_title: none,
            list: none,
            detail: none,
            activity: none,
            footer: none,
            rules: [None; 3],
            wall: None,
        }
    }

    fn wide(whole: Rect) -> Self {
        let (w, h) = (whole.width, whole.height);
        let side = if w >= 150 { WIDE_SIDE } else { SIDE };
        let (top, bottom) = (2, h - 3);
        let body = bottom - top;
        // Half for the list, a little less on tall screens, where the detail can use it better.
        let list_rows = if body > 34 { body * 2 / 5 } else { body * 9 / 20 };
        let verdict = VERDICT_ROWS.min(body / 2);
        let (x, right) = (side + 1, w - side - 1);
        Self {
            header: row(whole, 0),
            categories: Rect::new(0, top, side, body - verdict - 1),
            verdict: Rect::new(0, bottom - verdict, side, verdict),
            list_title: Rect::new(x, top, right, 1),
            list: Rect::new(x, top + 2, right, list_rows - 2),
            detail: Rect::new(x, top + list_rows + 1, right, body - list_rows - 1),
            activity: row(whole, h - 2),
            footer: row(whole, h - 1),
            rules: [Some((1, 0)), Some((top + list_rows, x)), Some((bottom, 0))],
            wall: Some(side),
            ..Self::empty(Shape::Wide, whole)
        }
    }

    fn medium(whole: Rect) -> Self {
        let h = whole.height;
        let (top, bottom) = (3, h - 3);
        let list_rows = (bottom - top).div_ceil(2);
        Self {
            header: row(whole, 0),
            categories: row(whole, 1),
            list: Rect::new(0, top, whole.width, list_rows),
            detail: Rect::new(0, top + list_rows + 1, whole.width, bottom - top - list_rows - 1),
            activity: row(whole, h - 2),
            footer: row(whole, h - 1),
            rules: [Some((2, 0)), Some((top + list_rows, 0)), Some((bottom, 0))],
            ..Self::empty(Shape::Medium, whole)
        }
    }

    fn narrow(whole: Rect) -> Self {
        let h = whole.height;
        let body = Rect::new(0, 2, whole.width, h - 3);
        Self {
            header: row(whole, 0),
            categories: row(whole, 1),
            list: body,
            detail: body,
            activity: row(whole, h - 1),
            ..Self::empty(Shape::Narrow, whole)
        }
    }

    /// A box of at most this size in the middle of the screen.
    #[must_use]
    pub fn overlay(&self, width: u16, height: u16) -> Rect {
        let (w, h) = (width.min(self.whole.width), height.min(self.whole.height));
        Rect::new((self.whole.width - w) / 2, (self.whole.height - h) / 2, w, h)
    }
}

fn row(whole: Rect, y: u16) -> Rect {
    Rect::new(0, y, whole.width, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_panel_leaves_the_screen_at_any_size() {
        for (width, height) in (0..200).flat_map(|w| (0..80).map(move |h| (w, h))) {
            let layout = Layout::of(width, height);
            let panels = [layout.header, layout.categories, layout.verdict, layout.list_title, layout.list];
            for panel in panels.into_iter().chain([layout.detail, layout.activity, layout.footer]) {
                assert!(panel.right() <= width && panel.bottom() <= height, "{width}x{height}: {panel:?}");
            }
            assert!(layout.rules.iter().flatten().all(|(y, x)| *y < height && *x < width));
        }
    }
}
