//! Columns of numbers and texts that take as little room as what they hold allows.

/// Numbers, some of them absent.
#[derive(Debug, Default)]
pub(super) enum Column {
    /// No row has a value.
    #[default]
    Empty,
    /// Every value fits; `u32::MAX` stands for none, and never leaves this file.
    Narrow(Box<[u32]>),
    /// The rest.
    Wide(Box<[Option<i64>]>),
}

impl Column {
    pub(super) fn new(values: Vec<Option<i64>>) -> Self {
        if values.iter().all(Option::is_none) {
            return Self::Empty;
        }
        let narrow: Option<Box<[u32]>> = values.iter().map(|value| pack(*value)).collect();
        narrow.map_or_else(|| Self::Wide(values.into()), Self::Narrow)
    }

    pub(super) fn get(&self, index: usize) -> Option<i64> {
        match self {
            Self::Empty => None,
            Self::Narrow(values) => (values[index] != u32::MAX).then(|| i64::from(values[index])),
            Self::Wide(values) => values[index],
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Narrow(values) => size_of_val(&**values),
            Self::Wide(values) => size_of_val(&**values),
        }
    }
}

fn pack(value: Option<i64>) -> Option<u32> {
    match value {
        None => Some(u32::MAX),
        Some(value) => u32::try_from(value).ok().filter(|packed| *packed != u32::MAX),
    }
}

/// Texts that most rows do not have.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<(usize, Box<str>)>);

impl Texts {
    /// Takes the texts in the order of their rows.
    pub(super) fn new(texts: impl Iterator<Item = Option<String>>) -> Self {
        Self(texts.enumerate().filter_map(|(row, text)| Some((row, text?.into_boxed_str()))).collect())
    }

    pub(super) fn get(&self, row: usize) -> Option<&str> {
        let found = self.0.binary_search_by_key(&row, |(place, _)| *place).ok()?;
        Some(&self.0[found].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_gives_back_what_it_took() {
        for values in [
            vec![None, None],
            vec![Some(0), None, Some(23_920_000)],
            vec![Some(-5), None],
            vec![Some(i64::from(u32::MAX)), None, Some(i64::MAX)],
        ] {
            let column = Column::new(values.clone());
            let read: Vec<_> = (0..values.len()).map(|index| column.get(index)).collect();
            assert_eq!(read, values);
        }
    }

    #[test]
    fn few_texts_are_found_by_row() {
        let texts = Texts::new([None, Some("a".to_owned()), None].into_iter());
        assert_eq!((texts.get(0), texts.get(1)), (None, Some("a")));
    }
}
