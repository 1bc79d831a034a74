//! Long texts in pages instead of a scroll. Lines are counted, not measured, and counted generously, so that a
//! wider font still fits.

/// How much fits on one page.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Characters in a line.
    pub line: usize,
    /// Lines on a page.
    pub lines: usize,
}

impl Room {
    /// By the window's width: a tablet lying or standing.
    pub fn of_width(width: f64) -> Room {
        if width >= 900.0 {
            Room { line: 64, lines: 9 }
        } else {
            Room { line: 48, lines: 16 }
        }
    }
}

/// Pages of paragraphs. A blank line begins a paragraph; a paragraph is cut between words where a page ends.
pub fn pages(text: &str, room: Room) -> Vec<Vec<String>> {
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    // Half lines, since the space between paragraphs is about half a line.
    let mut left = room.lines * 2;
    for paragraph in text
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
    {
        let mut lines = wrap(paragraph, room.line).into_iter().peekable();
        while lines.peek().is_some() {
            let begun = pages.last().is_some_and(|page| !page.is_empty());
            let space = usize::from(begun);
            let fits = left.saturating_sub(space) / 2;
            // A single line of a paragraph at the foot of a page is harder to read than a short page.
            if fits == 0 || begun && fits == 1 && lines.len() > 1 {
                pages.push(Vec::new());
                left = room.lines * 2;
                continue;
            }
            let part: Vec<String> = lines.by_ref().take(fits).collect();
            left = left.saturating_sub(space + part.len() * 2);
            if let Some(page) = pages.last_mut() {
                page.push(part.join(" "));
            }
        }
    }
    pages
}

fn wrap(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in paragraph.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_lost_and_no_page_is_too_long() {
        let paragraph = "word ".repeat(70);
        let text = format!("{paragraph}\n\n{paragraph}\n\n{paragraph}\n\nlast");
        let room = Room { line: 20, lines: 5 };
        let pages = pages(&text, room);
        let words: usize = pages
            .iter()
            .flatten()
            .map(|part| part.split_whitespace().count())
            .sum();
        assert_eq!(words, 211);
        for page in &pages {
            let lines: usize = page.iter().map(|part| wrap(part, room.line).len()).sum();
            assert!(!page.is_empty() && lines <= room.lines);
        }
    }

    #[test]
    fn an_empty_text_is_one_empty_page() {
        assert_eq!(pages("", Room { line: 20, lines: 5 }).len(), 1);
    }
}
