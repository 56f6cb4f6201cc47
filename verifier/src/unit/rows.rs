//! The units that we accept. Names, dimensions and coefficients are those of uom; where uom rounds,
//! a product of the factors by which the unit is defined stands in place of its coefficient.
//!
//! Sources of these: SI Brochure (9th ed.); NIST SP 811 appendix B.9 and NIST HB 44 appendix C for
//! the customary units (inch 0.0254 m, pound 0.45359237 kg, gallon 231 cubic inches, standard
//! gravity 9.80665 m/s^2); IAU 2012 B2 and 2015 B2 for astronomical unit and parsec.
//!
//! Names with more than one meaning, and what we take them for:
//! - A calorie is 4.184 J, and `Cal` a thousand of them. Words do not keep their case, so that a
//!   `Calorie` is the small one.
//! - A pound is a mass, and a force in foot-pounds and pounds per square inch; of money it is `£` or
//!   `pound sterling`. An ounce is a mass.
//! - `ton` is short, long or metric, so that it converts to nothing; `t` and `tonne` are metric.
//! - A year has twelve months, and neither a number of days.
//! - `M` is mol/L. Gallons, quarts and pints are of the United States. A horsepower is mechanical.
//! - mmHg is the torr, so that 760 of them are one atmosphere.
//! - kB is 1000 B; `KB` is 1000 or 1024, so that it converts to nothing. So does the BTU, of which
//!   there are many.

use super::row::{Row, defined, multiple, own, own_symbol, symbol, word};
use super::table::Standing::{Apart, Certain, Doubtful, Prefixed, Upright};

/// A unit of uom.
macro_rules! uom {
    ($quantity:ident::$unit:ident) => {
        defined::<uom::si::$quantity::Dimension, uom::si::$quantity::$unit>
    };
}

/// All units, without prefixes. Of two rows with the same spelling the first has it.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // Length.
    symbol(Doubtful, uom!(length::meter)).metric().called("metre, metres"),
    symbol(Certain, uom!(length::angstrom)).written(Certain, "\u{C5}").or(&[(Certain, "\u{212B}")])
        .named("angstrom", "angstroms").called("ångström, ångströms"),
    word(uom!(length::micron)),
    symbol(Apart, uom!(length::inch)),
    symbol(Apart, uom!(length::foot)),
    symbol(Apart, uom!(length::yard)),
    symbol(Apart, uom!(length::mile)),
    word(uom!(length::fathom)).exactly("6 0.3048"),
    multiple(660, uom!(length::foot), "furlong", "furlongs"),
    symbol(Apart, uom!(length::nautical_mile)).written(Apart, "nmi"),
    symbol(Apart, uom!(length::astronomical_unit)).written(Apart, "AU").or(&[(Doubtful, "au")]),
    symbol(Doubtful, uom!(length::light_year)).exactly("9460730472580800").written(Doubtful, "ly")
        .named("light year", "light years").called("lightyear, lightyears"),
    symbol(Doubtful, uom!(length::parsec)).with_pi("648000 149597870700", -1).metric(),

    // Area and volume.
    symbol(Apart, uom!(area::hectare)),
    word(uom!(area::acre)).exactly("43560 0.3048 0.3048"),
    symbol(Doubtful, uom!(volume::liter)).written(Doubtful, "L").or(&[(Doubtful, "l"), (Doubtful, "ℓ")])
        .metric().called("litre, litres"),
    symbol(Apart, uom!(volume::cubic_centimeter)).exactly("1e-6").written(Apart, "cc").or(&[(Apart, "ccs")])
        .named("cc", "ccs"),
    symbol(Certain, uom!(volume::gallon)).exactly("231 0.0254 0.0254 0.0254"),
    symbol(Apart, uom!(volume::quart_liquid)).exactly("57.75 0.0254 0.0254 0.0254")
        .written(Apart, "qt").named("quart", "quarts"),
    symbol(Apart, uom!(volume::pint_liquid)).exactly("28.875 0.0254 0.0254 0.0254")
        .written(Apart, "pt").named("pint", "pints"),
    word(uom!(volume::fluid_ounce)).exactly("1.8046875 0.0254 0.0254 0.0254")
        .named("fluid ounce", "fluid ounces").called("fl oz"),

    // Mass.
    symbol(Doubtful, uom!(mass::gram)).metric().or(&[(Doubtful, "gm"), (Doubtful, "gms")])
        .called("gramme, grammes"),
    word(uom!(mass::kilogram)).called("kilo, kilos"),
    symbol(Doubtful, uom!(mass::ton)).written(Doubtful, "t").named("tonne", "tonnes")
        .called("metric ton, metric tons"),
    own("ton", "1", "ton", "tons"),
    word(uom!(mass::ton_short)).exactly("2000 0.45359237").named("short ton", "short tons"),
    word(uom!(mass::ton_long)).exactly("2240 0.45359237").named("long ton", "long tons"),
    symbol(Apart, uom!(mass::pound)).exactly("0.45359237").or(&[(Certain, "lbs")]),
    symbol(Apart, uom!(mass::ounce)).exactly("0.45359237 / 16"),
    word(uom!(mass::slug)).exactly("0.45359237 9.80665 / 0.3048"),
    word(uom!(mass::carat)),
    symbol(Doubtful, uom!(mass::dalton)).metric(),
    symbol(Doubtful, uom!(mass::dalton)).written(Certain, "amu").or(&[(Doubtful, "u")])
        .named("amu", "amus"),

    // Time.
    symbol(Doubtful, uom!(time::second)).or(&[(Certain, "sec"), (Certain, "secs")]).metric(),
    symbol(Certain, uom!(time::minute)).or(&[(Certain, "mins")]),
    symbol(Doubtful, uom!(time::hour)).or(&[(Certain, "hr"), (Certain, "hrs")]),
    symbol(Upright, uom!(time::day)),
    multiple(7, uom!(time::day), "week", "weeks"),
    multiple(14, uom!(time::day), "fortnight", "fortnights"),
    own("month", "1", "month", "months"),
    own("month", "12", "year", "years").written(Apart, "yr").or(&[(Apart, "yrs")]),
    own("month", "120", "decade", "decades"),
    own("month", "1200", "century", "centuries"),
    symbol(Certain, uom!(frequency::hertz)).metric(),
    // A becquerel is no hertz, though both are one a second.
    symbol(Doubtful, uom!(radioactivity::becquerel)).axis("decay", 1).metric(),
    symbol(Doubtful, uom!(radioactivity::curie)).axis("decay", 1).metric(),

    // Angle.
    symbol(Apart, uom!(angle::radian)).axis("rad", 1).metric(),
    word(uom!(angle::degree)).with_pi("1 / 180", 1).axis("rad", 1).called("°, deg, degs"),
    word(uom!(angle::minute)).with_pi("1 / 10800", 1).axis("rad", 1)
        .written(Certain, "arcmin").named("arcminute", "arcminutes").called("arc minute, arc minutes"),
    word(uom!(angle::second)).with_pi("1 / 648000", 1).axis("rad", 1)
        .written(Certain, "arcsec").named("arcsecond", "arcseconds").called("arc second, arc seconds"),
    word(uom!(angle::revolution)).with_pi("2", 1).axis("rad", 1)
        .written(Apart, "rev").or(&[(Apart, "revs")]),
    word(uom!(angle::gon)).with_pi("1 / 200", 1).axis("rad", 1).named("gradian", "gradians"),
    symbol(Doubtful, uom!(solid_angle::steradian)).axis("rad", 2).metric(),
    word(uom!(angular_velocity::revolution_per_minute)).with_pi("1 / 30", 1).axis("rad", 1)
        .written(Certain, "rpm").named("rpm", "rpms"),

    // Speed.
    symbol(Apart, uom!(velocity::knot)).exactly("1852 / 3600").written(Doubtful, "kn")
        .or(&[(Doubtful, "kt"), (Apart, "kts")]),
    word(uom!(velocity::mile_per_hour)).written(Certain, "mph").named("mph", "mphs"),
    word(uom!(velocity::kilometer_per_hour)).exactly("1000 / 3600").written(Certain, "kph")
        .or(&[(Certain, "kmph")]).named("kph", "kphs"),

    // Force, pressure, energy, power.
    symbol(Doubtful, uom!(force::newton)).metric(),
    symbol(Apart, uom!(force::dyne)).metric(),
    symbol(Certain, uom!(force::pound_force)).exactly("0.45359237 9.80665")
        .named("pound force", "pounds force"),
    symbol(Certain, uom!(force::kilogram_force)).written(Certain, "kgf")
        .named("kilogram force", "kilograms force"),
    symbol(Doubtful, uom!(pressure::pascal)).metric(),
    symbol(Apart, uom!(pressure::bar)).metric(),
    symbol(Certain, uom!(pressure::atmosphere)).called("atms"),
    symbol(Certain, uom!(pressure::torr)).exactly("101325 / 760").written(Certain, "Torr")
        .or(&[(Certain, "mmHg")]).named("torr", "torrs"),
    symbol(Apart, uom!(pressure::psi)).exactly("0.45359237 9.80665 / 0.0254 0.0254")
        .named("psi", "psis"),
    symbol(Doubtful, uom!(energy::joule)).metric(),
    word(uom!(energy::joule)).named("newton meter", "newton meters")
        .called("newton metre, newton metres"),
    symbol(Apart, uom!(energy::erg)),
    symbol(Apart, uom!(energy::calorie)).metric(),
    symbol(Apart, uom!(energy::calorie_nutrition)).named("large calorie", "large calories"),
    symbol(Doubtful, uom!(energy::electronvolt)).metric()
        .called("electron volt, electron volts"),
    symbol(Doubtful, uom!(energy::watt_hour)).written(Doubtful, "Wh").metric(),
    word(uom!(energy::foot_pound)).exactly("0.3048 0.45359237 9.80665")
        .named("foot pound", "foot pounds")
        .called("pound foot, pound feet"),
    own_symbol("BTU").or(&[(Certain, "Btu"), (Certain, "BTUs")]),
    symbol(Doubtful, uom!(power::watt)).metric(),
    symbol(Apart, uom!(power::horsepower)).exactly("550 0.3048 0.45359237 9.80665")
        .written(Apart, "hp").named("horsepower", "horsepowers"),
    symbol(Prefixed, uom!(dynamic_viscosity::poise)).metric(),
    symbol(Doubtful, uom!(kinematic_viscosity::stokes)).metric(),

    // Temperature. The offsets of uom are within its arithmetic of floats.
    symbol(Doubtful, uom!(thermodynamic_temperature::kelvin)).or(&[(Certain, "°K")]).metric()
        .called("degree kelvin, degrees kelvin"),
    symbol(Certain, uom!(thermodynamic_temperature::degree_celsius)).offset("273.15")
        .named("°C", "°C").called("celsius, centigrade, degree celsius, degrees celsius, deg celsius, \
            ° celsius, degree centigrade, degrees centigrade, degree C, degrees C, deg C, ° C"),
    symbol(Certain, uom!(thermodynamic_temperature::degree_fahrenheit)).exactly("5 / 9")
        .offset("459.67 5 / 9").named("°F", "°F").called("fahrenheit, degree fahrenheit, \
            degrees fahrenheit, deg fahrenheit, ° fahrenheit, degree F, degrees F, deg F, ° F"),
    symbol(Certain, uom!(thermodynamic_temperature::degree_rankine)).exactly("5 / 9")
        .named("°R", "°R").called("rankine, degree rankine, degrees rankine"),

    // Electricity, magnetism, light.
    symbol(Doubtful, uom!(electric_current::ampere)).metric().called("amp, amps"),
    symbol(Doubtful, uom!(electric_charge::coulomb)).metric(),
    symbol(Doubtful, uom!(electric_charge::ampere_hour)).written(Doubtful, "Ah").metric()
        .called("amp hour, amp hours"),
    symbol(Doubtful, uom!(electric_potential::volt)).metric(),
    symbol(Doubtful, uom!(capacitance::farad)).metric(),
    symbol(Certain, uom!(electrical_resistance::ohm)).written(Certain, "Ω")
        .or(&[(Certain, "\u{2126}")]).metric(),
    symbol(Doubtful, uom!(electrical_conductance::siemens)).metric(),
    symbol(Doubtful, uom!(inductance::henry)).metric().called("henries"),
    symbol(Doubtful, uom!(magnetic_flux::weber)).metric(),
    symbol(Doubtful, uom!(magnetic_flux_density::tesla)).metric(),
    symbol(Doubtful, uom!(magnetic_flux_density::gauss)).metric(),
    symbol(Doubtful, uom!(luminous_intensity::candela)).metric(),
    symbol(Doubtful, uom!(luminous_intensity::candela)).axis("rad", 2).written(Doubtful, "lm")
        .named("lumen", "lumens").metric(),
    symbol(Doubtful, uom!(illuminance::lux)).axis("rad", 2).metric(),

    // Matter and radiation.
    symbol(Certain, uom!(amount_of_substance::mole)).metric(),
    symbol(Doubtful, uom!(molar_concentration::mole_per_liter)).written(Doubtful, "M")
        .named("molar", "molars").metric(),
    word(uom!(molality::mole_per_kilogram)).named("molal", "molals"),
    symbol(Apart, uom!(catalytic_activity::katal)).metric(),
    symbol(Doubtful, uom!(available_energy::joule_per_kilogram)).written(Doubtful, "Gy")
        .named("gray", "grays").metric(),
    // A sievert is a joule per kilogram, weighted by the kind of radiation.
    own("Sv", "1", "sievert", "sieverts").written(Doubtful, "Sv").metric(),
    own("Sv", "0.01", "rem", "rems").metric(),

    // Information.
    symbol(Doubtful, uom!(information::byte)).axis("byte", 1).binary(),
    symbol(Prefixed, uom!(information::bit)).axis("byte", 1).binary(),
    symbol(Certain, uom!(information_rate::bit_per_second)).written(Certain, "bps")
        .named("bps", "bpss").axis("byte", 1).metric(),
    own_symbol("KB"),

    // Money.
    own("dollar", "1", "dollar", "dollars").or(&[(Certain, "USD")]),
    own("dollar", "0.01", "cent", "cents"),
    own("euro", "1", "euro", "euros").or(&[(Certain, "EUR")]),
    own("pound sterling", "1", "pound sterling", "pounds sterling").or(&[(Certain, "GBP")]),
    own("penny", "1", "penny", "pennies").called("pence"),
    own("yen", "1", "yen", "yens"),
    own("rupee", "1", "rupee", "rupees"),

    // Levels, and what has a dimension of its own.
    own("dB", "1", "decibel", "decibels").written(Certain, "dB"),
    own_symbol("pH"),
    own_symbol("ppm"),
    // `2ppb` are three letters.
    own_symbol("ppb").written(Upright, "ppb"),
    own("unit", "1", "unit", "units"),
];
