//! The vocabulary of the stories. Everything that is counted knows its singular and its plural.

use super::Draw;

/// Someone in a story.
pub(super) struct Person {
    pub name: &'static str,
    female: bool,
}

impl Person {
    /// `she` or `he`.
    pub fn they(&self) -> &'static str {
        if self.female { "she" } else { "he" }
    }

    /// `She` or `He`.
    pub fn they_start(&self) -> &'static str {
        if self.female { "She" } else { "He" }
    }

    /// `her` or `him`.
    pub fn them(&self) -> &'static str {
        if self.female { "her" } else { "him" }
    }
}

/// A thing that can be counted.
#[derive(Clone, Copy)]
pub(super) struct Thing {
    pub one: &'static str,
    pub many: &'static str,
}

impl Thing {
    /// A number of them: `1 apple`, `5 apples`.
    pub fn count(&self, n: i64) -> String {
        count(n, self.one, self.many)
    }

    /// With its article: `an apple`, `a pear`.
    pub fn a(&self) -> String {
        let article = if self.one.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} {}", self.one)
    }
}

/// A number with its noun in the right form.
pub(super) fn count(n: i64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// An amount of money: whole dollars as `$5`, others as `$5.25`.
pub(super) fn dollars(cents: i64) -> String {
    if cents % 100 == 0 { format!("${}", cents / 100) } else { format!("${}", amount(cents)) }
}

/// Cents as a number of dollars: `5` or `5.25`.
pub(super) fn amount(cents: i64) -> String {
    if cents % 100 == 0 {
        (cents / 100).to_string()
    } else {
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

pub(super) fn person(draw: &mut Draw) -> &'static Person {
    draw.pick(PEOPLE)
}

pub(super) fn two_people(draw: &mut Draw) -> [&'static Person; 2] {
    draw.pick_distinct(PEOPLE)
}

macro_rules! people {
    (she: $($she:literal)*; he: $($he:literal)*) => {
        &[$(Person { name: $she, female: true },)* $(Person { name: $he, female: false },)*]
    };
}

macro_rules! things {
    ($($one:literal $many:literal,)*) => { &[$(Thing { one: $one, many: $many },)*] };
}

const PEOPLE: &[Person] = people! {
    she: "Maria" "Aisha" "Lena" "Sofia" "Priya" "Grace" "Hannah" "Yuki" "Nora" "Elena" "Ruth"
         "Carmen" "Olga" "Zara" "Ingrid" "Mei" "Rosa" "Leila" "Julia" "Tara" "Amara" "Wendy"
         "Bianca" "Dora" "Fatima";
    he: "Omar" "Daniel" "Kofi" "Marco" "Ivan" "Peter" "Hugo" "Kenji" "Ravi" "Samuel" "Victor"
        "Felix" "Diego" "Anton" "Jonas" "Malik" "Tom" "Oscar" "Bruno" "Emil" "Nasir" "Walter"
        "Carlos" "Leo" "Simon"
};

/// Small things that people own, give away and share.
pub(super) const TOYS: &[Thing] = things! {
    "marble" "marbles", "sticker" "stickers", "toy car" "toy cars", "balloon" "balloons",
    "postcard" "postcards", "seashell" "seashells", "stamp" "stamps", "button" "buttons",
    "bead" "beads", "coin" "coins", "crayon" "crayons", "ribbon" "ribbons", "badge" "badges",
    "card" "cards", "building block" "building blocks", "photo" "photos",
};

/// Food that comes in pieces.
pub(super) const FRUITS: &[Thing] = things! {
    "apple" "apples", "pear" "pears", "orange" "oranges", "peach" "peaches", "plum" "plums",
    "lemon" "lemons", "mango" "mangoes", "cherry" "cherries", "strawberry" "strawberries",
    "tomato" "tomatoes", "banana" "bananas", "fig" "figs",
};

/// What a baker makes.
pub(super) const BAKES: &[Thing] = things! {
    "cookie" "cookies", "muffin" "muffins", "bread roll" "bread rolls", "cupcake" "cupcakes",
    "pancake" "pancakes", "pretzel" "pretzels", "waffle" "waffles", "bagel" "bagels",
    "doughnut" "doughnuts", "biscuit" "biscuits",
};

/// What is sold in a shop by the piece.
pub(super) const GOODS: &[Thing] = things! {
    "notebook" "notebooks", "pencil" "pencils", "eraser" "erasers", "ruler" "rulers",
    "candle" "candles", "mug" "mugs", "toy boat" "toy boats", "puzzle" "puzzles",
    "water bottle" "water bottles", "scarf" "scarves", "key ring" "key rings", "plant" "plants",
    "paintbrush" "paintbrushes", "comic book" "comic books", "flashlight" "flashlights",
    "umbrella" "umbrellas",
};

/// What holds other things.
pub(super) const BOXES: &[Thing] = things! {
    "box" "boxes", "bag" "bags", "basket" "baskets", "jar" "jars", "tray" "trays",
    "drawer" "drawers", "crate" "crates", "packet" "packets",
};

/// Animals of a farm.
pub(super) const ANIMALS: &[Thing] = things! {
    "cow" "cows", "goat" "goats", "hen" "hens", "duck" "ducks", "horse" "horses",
    "donkey" "donkeys", "rabbit" "rabbits", "turkey" "turkeys", "pig" "pigs",
};

/// What stands in rows.
pub(super) const ROWS: &[Thing] = things! {
    "chair" "chairs", "tree" "trees", "tulip" "tulips", "desk" "desks", "bean plant" "bean plants",
    "bottle" "bottles", "parked car" "parked cars", "rose bush" "rose bushes", "tile" "tiles",
    "cabbage" "cabbages",
};
