//! Word problems, each told in three ways. `{n}` is a name, `{a}`, `{b}` and `{c}` are numbers.

/// A word problem without its names and numbers.
pub struct Story {
    /// The same problem in other words.
    pub tellings: [&'static str; 3],
    /// The least and the largest value of each number.
    pub ranges: [(i64, i64); 3],
    /// The answer.
    pub answer: fn(i64, i64, i64) -> i64,
}

/// All stories.
pub const STORIES: &[Story] = &[
    Story {
        tellings: [
            "{n} keeps {a} hives, and each hive gives {b} jars of honey in a summer. If {c} jars are kept for the family, how many jars of honey can {n} sell at the fair?",
            "Every beehive owned by {n} fills {b} honey jars over the summer, and there are {a} of them. The household sets aside {c} jars for itself. What number of jars is left to be sold?",
            "A beekeeper called {n} has {a} colonies producing {b} jars apiece each summer. After putting {c} of the jars away for relatives, how many remain for the market stall?",
        ],
        ranges: [(3, 19), (11, 29), (2, 13)],
        answer: |a, b, c| a * b - c,
    },
    Story {
        tellings: [
            "A library lends {a} books on Monday, twice as many on Tuesday and {b} more books on Wednesday than on Monday. If {c} of all these books come back late, how many come back in time?",
            "On Monday {a} volumes leave the library. Tuesday's loans are double that, and Wednesday's exceed Monday's by {b}. Of the whole lot {c} are overdue when returned; how many are returned on schedule?",
            "{a} loans were made by the town library on the first day, double the amount on the second, and on the third day {b} above the first. Late returns came to {c}. Work out the count of punctual returns.",
        ],
        ranges: [(40, 90), (5, 35), (3, 25)],
        answer: |a, b, c| 4 * a + b - c,
    },
    Story {
        tellings: [
            "{n} swims {a} lengths every morning in a pool that is {b} metres long. After {c} mornings, how many metres has {n} swum?",
            "The pool where {n} trains measures {b} metres from end to end, and each morning's session is {a} lengths. What distance in metres is covered over {c} sessions?",
            "Each day before breakfast {n} crosses a {b} metre pool {a} times. Over {c} days, how far is that altogether, in metres?",
        ],
        ranges: [(8, 40), (20, 50), (4, 30)],
        answer: |a, b, c| a * b * c,
    },
    Story {
        tellings: [
            "A baker makes {a} trays of rolls with {b} rolls on each tray. He burns {c} rolls and sells the rest in bags of two. How many bags does he fill?",
            "{b} rolls fit on one baking tray and the baker fills {a} trays. {c} of the rolls come out burnt; the good ones are packed in pairs. How many packs result?",
            "Out of the oven come {a} trays holding {b} bread rolls apiece, but {c} rolls are too dark to sell. If what is left goes into two-roll bags, how many bags are there?",
        ],
        ranges: [(4, 16), (12, 30), (2, 10)],
        answer: |a, b, c| (a * b - c) / 2,
    },
    Story {
        tellings: [
            "{n} is saving for a telescope that costs {a} dollars. So far there are {b} dollars in the tin, and every week {c} dollars are added. How many full weeks will it take until the telescope can be bought?",
            "The price of a telescope is {a} dollars. With {b} dollars already put by and {c} more going into the tin weekly, after how many whole weeks can {n} afford it?",
            "To buy a {a} dollar telescope, {n} adds {c} dollars a week to savings which stand at {b} dollars now. Find how many complete weeks must pass.",
        ],
        ranges: [(180, 420), (20, 80), (7, 19)],
        answer: |a, b, c| (a - b + c - 1) / c,
    },
    Story {
        tellings: [
            "A train leaves the station with {a} passengers. At the first stop {b} get off and {c} get on, and at the second stop half of the passengers leave. How many passengers are on the train after the second stop?",
            "{a} people are aboard when a train sets out. {b} of them alight at the first halt, where {c} others board; half of everyone then alights at the next halt. What is the number still travelling?",
            "Setting off with {a} travellers, a railcar loses {b} and gains {c} at its first stop, then loses one half of its load at its second. How many ride on?",
        ],
        ranges: [(120, 260), (11, 45), (13, 49)],
        answer: |a, b, c| (a - b + c) / 2,
    },
    Story {
        tellings: [
            "In an orchard there are {a} rows of apple trees with {b} trees in each row. A storm blows down {c} trees. If every tree that is left bears 9 kilograms of apples, how many kilograms are picked?",
            "A gale fells {c} of an orchard's apple trees, which stood in {a} rows of {b}. Each surviving tree yields 9 kilograms. What is the weight of the harvest in kilograms?",
            "Apple trees were planted {b} to a row in {a} rows, but {c} were lost to the wind. With 9 kilograms of fruit from each one that remained, how heavy was the crop?",
        ],
        ranges: [(6, 24), (10, 32), (3, 21)],
        answer: |a, b, c| (a * b - c) * 9,
    },
    Story {
        tellings: [
            "{n} reads {a} pages on Saturday and {b} pages on Sunday of a novel with {c} pages. How many pages are still unread on Sunday night?",
            "Of a {c} page novel, {n} gets through {a} pages on Saturday and another {b} the day after. How much of the book, in pages, is left when the weekend is over?",
            "A weekend of reading takes {n} {a} pages into a book on the first day and {b} further pages on the second. The book has {c} pages; how many are to come?",
        ],
        ranges: [(31, 79), (22, 68), (210, 480)],
        answer: |a, b, c| c - a - b,
    },
    Story {
        tellings: [
            "A taxi charges {a} dollars to start and {b} dollars for each kilometre. {n} has {c} dollars and wants to keep 5 dollars for a tip. How many whole kilometres can {n} ride?",
            "Starting a cab ride costs {a} dollars, and every kilometre another {b}. If {n} carries {c} dollars of which 5 are meant as a tip, what is the longest trip in whole kilometres?",
            "With {c} dollars in the pocket, 5 of them reserved for the driver's tip, how many full kilometres can {n} travel in a cab that asks {a} dollars at once and {b} dollars a kilometre?",
        ],
        ranges: [(3, 9), (2, 6), (40, 95)],
        answer: |a, b, c| (c - 5 - a) / b,
    },
    Story {
        tellings: [
            "A gardener plants {a} tulip bulbs in the front bed and {b} times as many in the back bed. Moles eat {c} of the bulbs. How many bulbs are left to flower?",
            "The front border gets {a} tulip bulbs and the back border {b} times that number, but {c} are eaten by moles. How many tulips can still bloom?",
            "Of the tulips set by a gardener, {a} at the front of the house and {b} times this many behind it, moles take {c}. Give the number of bulbs that survive.",
        ],
        ranges: [(14, 48), (2, 7), (5, 27)],
        answer: |a, b, c| a + a * b - c,
    },
    Story {
        tellings: [
            "{n} earns {a} dollars an hour washing dishes and works {b} hours a day. From the wages of {c} days, one quarter is paid in rent. How many dollars remain?",
            "Washing dishes pays {n} {a} dollars an hour for {b} hours daily. A quarter of what {c} days bring goes on rent; what is left over, in dollars?",
            "After working {c} days of {b} hours at the sink for {a} dollars an hour, {n} hands a fourth of the pay to the landlord. How much of it is kept?",
        ],
        ranges: [(9, 21), (4, 8), (8, 28)],
        answer: |a, b, c| a * b * c * 3 / 4,
    },
    Story {
        tellings: [
            "A school orders {a} boxes of chalk. Every box holds {b} sticks, and {c} sticks arrive broken. The sticks that are whole are shared equally by 6 classrooms. How many sticks does each classroom get?",
            "{b} sticks of chalk come in a box and a school buys {a} boxes, but {c} sticks are broken on the way. If 6 rooms share the unbroken ones evenly, what does each room receive?",
            "Six classrooms divide the unbroken chalk from {a} boxes of {b} sticks each, {c} sticks having snapped in the post. What is one classroom's share?",
        ],
        ranges: [(12, 36), (10, 24), (6, 18)],
        answer: |a, b, c| (a * b - c) / 6,
    },
    Story {
        tellings: [
            "A water tank holds {a} litres. A pump fills it with {b} litres a minute while a leak loses {c} litres a minute. Starting empty, how many minutes does it take to fill the tank?",
            "An empty tank of {a} litres is filled at {b} litres a minute, but {c} litres escape through a crack each minute. When will it be full, counted in minutes?",
            "Because of a crack through which {c} litres a minute run out, a pump giving {b} litres a minute needs longer to fill a {a} litre tank. How many minutes does it need?",
        ],
        ranges: [(300, 900), (21, 45), (3, 12)],
        answer: |a, b, c| (a + b - c - 1) / (b - c),
    },
    Story {
        tellings: [
            "{n} has {a} marbles and wins {b} more from a friend. Then {n} gives one third of all the marbles to a sister and loses {c} in the grass. How many marbles does {n} have now?",
            "Having won {b} marbles on top of {a}, {n} hands a third of the collection to a sister, and {c} more vanish in the grass. What is left?",
            "A collection of {a} marbles grows by {b} at play, shrinks by a third which {n}'s sister gets, and then by {c} lost on the lawn. How many marbles are in it at the end?",
        ],
        ranges: [(30, 90), (6, 33), (2, 9)],
        answer: |a, b, c| (a + b) * 2 / 3 - c,
    },
    Story {
        tellings: [
            "A ferry carries {a} cars on each crossing and makes {b} crossings a day. Each car pays {c} dollars. How many dollars does the ferry take in a week?",
            "Every car on the ferry is charged {c} dollars. With room for {a} cars and {b} crossings daily, what are a full week's takings in dollars?",
            "Making {b} trips a day with {a} vehicles on board, each paying {c} dollars, how much money does a ferryman collect in seven days?",
        ],
        ranges: [(12, 38), (4, 14), (6, 18)],
        answer: |a, b, c| a * b * c * 7,
    },
    Story {
        tellings: [
            "The {a} members of a choir each pay {b} dollars for new robes. The robes cost {c} dollars less than what was paid, and the rest buys sheet music at 3 dollars a copy. How many copies can be bought?",
            "New robes are paid for by a choir of {a} singers giving {b} dollars each. The bill is {c} dollars below the sum collected; at 3 dollars a copy, how many scores does the difference buy?",
            "{a} singers put in {b} dollars apiece for robes, and {c} dollars are left once the tailor is paid. How many 3 dollar scores can the choir get for it?",
        ],
        ranges: [(18, 52), (12, 40), (24, 99)],
        answer: |_, _, c| c / 3,
    },
    Story {
        tellings: [
            "A farmer has {a} goats. Each goat eats {b} kilograms of hay a day. The barn holds {c} kilograms of hay. After 3 days of feeding, how many kilograms of hay are left in the barn?",
            "There are {c} kilograms of hay in the barn for {a} goats, every one of which eats {b} kilograms daily. How much hay will be left when three days have passed?",
            "With {a} goats getting through {b} kilograms of hay apiece each day, what is left after three days of a store of {c} kilograms?",
        ],
        ranges: [(7, 25), (2, 5), (420, 880)],
        answer: |a, b, c| c - 3 * a * b,
    },
    Story {
        tellings: [
            "{n} bakes {a} cookies for a party of {b} guests. Every guest eats {c} cookies. How many cookies are left when the party is over?",
            "At {n}'s party {b} guests help themselves to {c} cookies each from a batch of {a}. What number of cookies is uneaten?",
            "From a batch of {a} cookies which {n} made, {b} visitors take {c} apiece. How many does {n} still find on the plate?",
        ],
        ranges: [(90, 180), (8, 20), (2, 4)],
        answer: |a, b, c| a - b * c,
    },
    Story {
        tellings: [
            "A cyclist rides {a} kilometres an hour for {b} hours, rests, and then rides {c} kilometres home. How many kilometres did the cyclist ride in all?",
            "For {b} hours a cyclist keeps a speed of {a} kilometres an hour; after a break, {c} kilometres remain to the front door. What is the length of the whole ride?",
            "After pedalling {b} hours at {a} kilometres an hour and pausing for lunch, a rider has another {c} kilometres to go home. Give the total distance.",
        ],
        ranges: [(14, 29), (2, 6), (9, 41)],
        answer: |a, b, c| a * b + c,
    },
    Story {
        tellings: [
            "A cinema has {a} seats in the stalls and {b} seats in the balcony. For the evening show {c} seats stay empty and each ticket costs 8 dollars. How many dollars are the tickets worth together?",
            "Tickets are 8 dollars at a cinema with {a} places downstairs and {b} upstairs. If {c} of the places are unsold tonight, what does the box office take?",
            "All but {c} of a picture house's seats, {a} below and {b} in the gallery, are sold at 8 dollars each. What sum of money is that?",
        ],
        ranges: [(140, 320), (40, 110), (12, 60)],
        answer: |a, b, c| (a + b - c) * 8,
    },
    Story {
        tellings: [
            "A snail climbs {a} centimetres up a wall every day and slides back {b} centimetres every night. How high above its start is the snail after {c} days and nights?",
            "By day a snail gains {a} centimetres on a wall, and by night it slips down {b}. {c} days and nights later, what is its height over the starting point?",
            "Each day takes a snail {a} centimetres upwards, each night {b} centimetres down again. What height in centimetres has it won after {c} such days?",
        ],
        ranges: [(31, 60), (8, 27), (5, 17)],
        answer: |a, b, c| (a - b) * c,
    },
    Story {
        tellings: [
            "{n} buys {a} metres of ribbon and cuts it into pieces of {b} centimetres. Each piece is sold for {c} cents. How many cents does {n} get for all the pieces?",
            "Ribbon is cut into {b} centimetre pieces that sell at {c} cents. What does {n} earn, in cents, from a roll of {a} metres?",
            "From a {a} metre roll of ribbon {n} makes lengths of {b} centimetres and takes {c} cents for each one. How many cents come in?",
        ],
        ranges: [(6, 24), (20, 50), (15, 85)],
        answer: |a, b, c| a * 100 / b * c,
    },
    Story {
        tellings: [
            "A museum counts {a} visitors in March, {b} more in April than in March, and in May {c} fewer than in April. How many visitors came in the three months together?",
            "March brought {a} people to the museum; April had {b} more than that, and May was {c} below April. What was the total for the quarter?",
            "If {a} guests visit a museum in March, April's figure beats it by {b} and May's falls {c} short of April's, how many guests does that make over the three months?",
        ],
        ranges: [(310, 790), (35, 140), (20, 95)],
        answer: |a, b, c| 3 * a + 2 * b - c,
    },
    Story {
        tellings: [
            "A printer prints {a} pages a minute. {n} starts it on a job of {b} pages, but after {c} minutes the paper runs out. How many pages are not printed yet?",
            "{n} sends {b} pages to a printer which manages {a} a minute and is out of paper {c} minutes later. How many pages are missing?",
            "At {a} pages a minute, a machine works for {c} minutes on {n}'s {b} page document and then has no more paper. How many pages does it still owe?",
        ],
        ranges: [(12, 28), (420, 760), (5, 14)],
        answer: |a, b, c| b - a * c,
    },
];

/// Names of people.
pub const NAMES: &[&str] = &[
    "Amira", "Bruno", "Chiara", "Dmitri", "Esther", "Farid", "Greta", "Hiroshi", "Ines", "Jonas",
    "Kavita", "Lorenzo", "Maren", "Nikhil", "Oksana", "Pablo", "Ragnhild", "Samir", "Tamsin",
    "Ulrich", "Valeria", "Wenjing", "Xavier", "Yusuf",
];
