//! Closed lists whose items go by a stable code.

/// Makes a list, its order and its codes from one table.
macro_rules! coded {
    ($(#[$about:meta])* $list:ident { $($(#[$words:meta])* $item:ident = $code:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $list {
            $($(#[$words])* $item,)+
        }

        impl $list {
            /// Every item.
            pub const ALL: &[Self] = &[$(Self::$item,)+];

            /// Returns the stable name.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$item => $code,)+
                }
            }
        }
    };
}
