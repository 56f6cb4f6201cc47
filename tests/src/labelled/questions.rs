//! Questions of knowledge, short ones and long ones, and exercises that are little more than a
//! formula.

/// A question of more than twelve words, and the same in other words.
pub struct Question {
    /// As the benchmark asks it.
    pub asked: &'static str,
    /// As another author would.
    pub reworded: [&'static str; 2],
    /// The answer.
    pub answer: &'static str,
    /// Text on the same subject that asks and quotes nothing.
    pub lecture: &'static str,
}

/// Long questions.
pub const QUESTIONS: &[Question] = &[
    Question {
        asked: "Which process in plant cells uses the energy of sunlight to turn carbon dioxide and water into sugar, and in which organelle does it take place?",
        reworded: [
            "Sugar is made in plants out of water and carbon dioxide with the help of light. Name this process and the part of the cell where it happens.",
            "Name the reaction by which plants build sugars from carbon dioxide and water using sunlight, and say which organelle hosts it.",
        ],
        answer: "photosynthesis, in the chloroplast",
        lecture: "Plants are green because their leaves absorb red and blue light and send back the rest. The pigments are packed in membranes, and gases move in and out through small pores on the underside of the leaf.",
    },
    Question {
        asked: "A metal ball is dropped from a tower and its speed grows by the same amount every second. What is the name of the force that causes this, and what would slow the ball down in real air?",
        reworded: [
            "When a metal sphere falls from a tower it gains equal speed in each second. Name the force behind this, and name what would hold the sphere back in actual air.",
            "Which force makes a metal ball let go at the top of a tower speed up evenly each second, and what opposes its fall in the real atmosphere?",
        ],
        answer: "gravity; air resistance",
        lecture: "Towers used to be built for watching the land. Later they carried bells, whose metal was cast on the spot, and the sound could be heard for miles in still air.",
    },
    Question {
        asked: "Why does ice float on the surface of a lake in winter while most other substances sink when they freeze in their own liquid?",
        reworded: [
            "Most solids go down in a bath of their own melt, but frozen water stays on top of a lake in winter. What is the reason?",
            "What property of frozen water lets it stay on top of a winter lake, although nearly every other solid sinks in its own melt?",
        ],
        answer: "ice is less dense than water",
        lecture: "In winter the lake is a meeting place. Skaters draw long curves on it, children slide, and the fishermen cut holes to reach the perch that rest near the bottom.",
    },
    Question {
        asked: "Which organ of the human body makes insulin, and what happens to the level of sugar in the blood when it makes too little?",
        reworded: [
            "Insulin comes from one organ in humans. Which is it, and how does blood sugar change if the supply of insulin is too small?",
            "Name the part of the human body that produces insulin, and describe what too little of it does to the sugar in someone's blood.",
        ],
        answer: "the pancreas; the level rises",
        lecture: "The human body keeps its temperature within narrow bounds. Blood carries warmth from the core to the skin, where sweat takes it away, and shivering makes more when it is cold.",
    },
    Question {
        asked: "In what year did the first human being walk on the surface of the Moon, and what was the name of the mission that brought the crew there?",
        reworded: [
            "Name the mission whose crew included the first person to set foot on the lunar surface, and give the year when this happened.",
            "What mission carried the first people who walked on the Moon, and which year was that?",
        ],
        answer: "1969, Apollo 11",
        lecture: "The tides follow the Moon. Twice a day the water rises on most coasts, highest when Sun and Moon pull in one line, and fishermen have lived by its timetable for ages.",
    },
    Question {
        asked: "What do we call an animal that feeds on both plants and other animals, and which teeth show best that it does so?",
        reworded: [
            "Give the term for animals whose diet includes plants as well as other animals, and say which of their teeth reveal this most clearly.",
            "An animal eats plants and other animals alike. What is such an animal called, and by which teeth can one tell?",
        ],
        answer: "an omnivore; molars together with canines",
        lecture: "Animals find their food in many ways. Some wait for hours without moving, others wander along fixed paths, and a few store what they do not need at once in the ground.",
    },
    Question {
        asked: "How does a lightning rod protect a house during a thunderstorm, and why is it connected to the ground with a thick metal cable?",
        reworded: [
            "What keeps a house with a lightning rod safe in a thunderstorm, and for what reason does a heavy metal cable run from the rod into the ground?",
            "Explain the protection that a lightning rod gives to a building in a thunderstorm and the purpose of the thick cable leading from it to the earth.",
        ],
        answer: "it carries the current safely into the ground",
        lecture: "Thunderstorms form on warm afternoons when moist air rises quickly. The clouds grow to great heights, and the rain that falls from them cools the streets of the town within minutes.",
    },
    Question {
        asked: "Two mirrors stand at a right angle to each other. How many images of a candle placed between them can an observer see, and why?",
        reworded: [
            "A candle is put between a pair of mirrors which meet at a right angle. State the number of images an onlooker sees and explain it.",
            "If a pair of mirrors is set up perpendicular to one another with a candle in between, what number of candle images appears, and for what reason?",
        ],
        answer: "three",
        lecture: "Candles were once made from tallow, which smoked and smelled. Beeswax gave a cleaner light but was dear, so a house with many of them was a house of means.",
    },
    Question {
        asked: "What is the difference between an acid and a base, and what colour does litmus paper take when it is dipped in vinegar?",
        reworded: [
            "Explain how acids differ from bases. Which colour does vinegar give to litmus paper?",
            "When litmus paper is put in vinegar, what colour results? Say as well what distinguishes bases from acids.",
        ],
        answer: "acids give protons, bases take them; red",
        lecture: "Vinegar keeps vegetables for months. Cucumbers, onions and cabbage were laid in stone jars each autumn, covered with a board and weighed down so that no air could reach them.",
    },
    Question {
        asked: "Which ancient civilisation built the pyramids at Giza, and for what purpose were these enormous stone buildings mainly intended?",
        reworded: [
            "The stone pyramids of Giza are enormous. Who built them in ancient times, and what were they chiefly meant for?",
            "Name the people of antiquity who erected the Giza pyramids and the main use that was intended for them.",
        ],
        answer: "the Egyptians; as tombs for their kings",
        lecture: "Stone has been quarried along the river for thousands of years. Boats took the blocks downstream when the water was high, and ramps of earth helped to drag them to their place.",
    },
    Question {
        asked: "If a gene for blue eyes is recessive, what must be true of the genes of two brown-eyed parents who have a child with blue eyes?",
        reworded: [
            "Two parents with brown eyes have a blue-eyed child. Given that the blue-eye gene is recessive, what does this tell us about the parents' genes?",
            "Blue eyes come from a recessive gene. What can be said for certain about the genes of a brown-eyed couple whose child is blue-eyed?",
        ],
        answer: "both carry one copy of the gene",
        lecture: "Eyes see little colour at dusk. The cells that tell red from green need much light, and when it fades the world turns to shades of grey, in which movement is still seen well.",
    },
    Question {
        asked: "What happens to the volume of a balloon filled with air when it is taken from a warm room into a cold garden, and which gas law describes this?",
        reworded: [
            "An air-filled balloon is carried out of a warm room into the cold garden. How does its volume change, and what gas law says so?",
            "Name the gas law that tells how the volume of a balloon changes on its way from a warm room to a cold garden, and say what the change is.",
        ],
        answer: "it shrinks; Charles's law",
        lecture: "A garden in winter is quieter but not dead. Bulbs wait below the frost, birds look for the last berries, and the soil is turned so that the cold can break its lumps.",
    },
];

/// A question of at most twelve words, its answer, and a sentence with its words that does not ask.
pub const SHORT: &[(&str, &str, &str)] = &[
    (
        "What is the capital of Australia?",
        "Canberra",
        "The capital of Australia lies between its two largest cities, and most visitors never see it.",
    ),
    (
        "Who painted the ceiling of the Sistine Chapel?",
        "Michelangelo",
        "The ceiling of the chapel was cleaned for years, and the colours that came out surprised those who had painted it from memory.",
    ),
    (
        "Which planet has the most moons?",
        "Saturn",
        "Moons have been found around every large planet, and the count changes as telescopes get better.",
    ),
    (
        "What is the chemical symbol for tungsten?",
        "W",
        "A chemical symbol is one or two letters; that of tungsten comes from its German name.",
    ),
    (
        "How many bones does an adult human have?",
        "206",
        "An adult has fewer bones than a child, since many of them grow together.",
    ),
    (
        "Who wrote the novel Moby Dick?",
        "Herman Melville",
        "The novel sold badly while the man who wrote it lived, and Moby Dick was found again by later readers.",
    ),
    (
        "What is the longest river in Africa?",
        "the Nile",
        "The river is the longest in Africa, and nine countries draw water from it.",
    ),
    (
        "Which gas do plants absorb from the air?",
        "carbon dioxide",
        "Plants absorb a gas from the air through their leaves and give back another.",
    ),
    (
        "In which year did the Berlin Wall fall?",
        "1989",
        "When the wall fell, people came from all over Berlin, and it was a cold night that year.",
    ),
    (
        "What is the square root of 729?",
        "27",
        "A square root can be found by hand, digit by digit, as was taught before calculators.",
    ),
    (
        "Name the smallest prime number greater than 100.",
        "101",
        "There is no largest prime number, and one greater than any bound can always be found.",
    ),
    (
        "What is the derivative of x cubed?",
        "3x^2",
        "The derivative of a sum is the sum of the derivatives, so one term is taken after another.",
    ),
    (
        "Which vitamin does sunlight help the skin make?",
        "vitamin D",
        "Sunlight on the skin is good in small doses; a vitamin is made there, and burns are made too.",
    ),
    (
        "How many players are in a volleyball team?",
        "six",
        "A volleyball team practises its serve more than anything else, and players change places in turn.",
    ),
    (
        "What is the boiling point of ethanol in Celsius?",
        "78",
        "The boiling point of a liquid falls with the pressure, so ethanol boils at fewer degrees on a mountain.",
    ),
    (
        "Who discovered penicillin by accident?",
        "Alexander Fleming",
        "Many things were discovered by accident, and penicillin is only the one that everybody names.",
    ),
    (
        "Which ocean lies east of Madagascar?",
        "the Indian Ocean",
        "East of the island the ocean is deep, and Madagascar gets its rain from there.",
    ),
    (
        "What is the plural of the word ox?",
        "oxen",
        "The plural of a word is often formed with an s, but there are old forms that are not.",
    ),
    (
        "How many strings does a standard violin have?",
        "four",
        "A standard violin is tuned in fifths, and its strings were once of gut.",
    ),
    (
        "Which metal is liquid at room temperature?",
        "mercury",
        "Few metals melt near room temperature, and the one that is liquid was used in thermometers.",
    ),
];

/// Exercises: the wording with its numbers `{a}` to `{d}`, as in generated benchmarks. The same wording
/// with other numbers is another exercise.
pub const EXERCISES: &[&str] = &[
    "Solve {a}*x + {b} = {c}*x - {d} for x.",
    "What is {a} plus {b} times {c}?",
    "Find the remainder when {a}{b}{c} is divided by {d}.",
    "Let f(x) = {a}*x**2 - {b}*x + {c}. What is f({d})?",
    "Calculate the greatest common divisor of {a}{b} and {c}{d}.",
    "What is the {a}{b} in base {c}?",
    "Expand ({a}*x + {b})*({c}*x - {d}).",
    "What is the next term in {a}, {b}{a}, {b}{b}{a}, {c}{b}{a}?",
    "Two letters picked without replacement from a bag of {a} a and {b} b. What is the probability of picking {c} a and {d} b?",
    "Convert {a}.{b} kilometres to metres and add {c}{d} metres.",
];
