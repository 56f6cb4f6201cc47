//! Tables of texts: what is read, and what converts.

use num_rational::BigRational;

use super::*;

#[test]
fn units_are_taken_and_variables_are_not() {
    use Kind::{Certain, Doubtful, Noun};
    for (text, apart, name, kind, rest) in [
        ("cm", false, "cm", Certain, ""),
        ("cm^2", true, "cm^2", Certain, ""),
        ("cm^{2}", true, "cm^2", Certain, ""),
        ("m²", true, "m^2", Doubtful, ""),
        ("m", true, "m", Doubtful, ""),
        ("m/s", true, "m/s", Certain, ""),
        ("m/s", false, "m/s", Doubtful, ""),
        ("m/s^2 down", true, "m/s^2", Certain, " down"),
        ("km/h", true, "km/h", Certain, ""),
        ("kg m/s", true, "kg m/s", Certain, ""),
        ("mW/m^2", true, "mW/m^2", Doubtful, ""),
        ("MW/m^2", true, "MW/m^2", Doubtful, ""),
        ("mg", false, "mg", Doubtful, ""),
        ("ft", true, "ft", Certain, ""),
        ("ft", false, "ft", Doubtful, ""),
        ("feet", true, "foot", Certain, ""),
        ("square feet of cloth", true, "square foot", Certain, " of cloth"),
        ("miles per hour", true, "mile/hour", Certain, ""),
        ("meters", false, "meter", Certain, ""),
        ("clips in May", true, "clip", Noun, " in May"),
        ("Boxes.", true, "box", Noun, "."),
        ("°", false, "degree", Certain, ""),
        ("°C", true, "°C", Certain, ""),
        ("degrees Celsius", true, "°C", Certain, ""),
        ("$", false, "dollar", Certain, ""),
    ] {
        let (unit, after) = take(text, apart).unwrap_or_else(|| panic!("{text} is no unit"));
        assert_eq!((unit.name.as_str(), unit.kind, after), (name, kind, rest), "{text}");
    }
    for (text, apart) in [
        ("x", true),
        ("xy", false),
        ("ab", true),
        ("gh", true),
        ("mv^2", true),
        ("clips", false),
        ("n", true),
        ("i", true),
        ("k", true),
        ("m(x)", true),
        ("m_1", true),
        ("m^x", true),
        ("m/n", true),
        ("cm+1", true),
        ("cm-x", true),
        ("m.s", true),
        ("trillion", true),
        ("halves", true),
        ("less than x", true),
        ("if n is even", true),
        ("squared", true),
        ("in total", true),
        ("-x", true),
    ] {
        let taken = take(text, apart);
        assert!(taken.is_none(), "{text}: {taken:?}");
    }
}

fn unit(text: &str) -> Unit {
    parse(text, true).unwrap_or_else(|| panic!("{text} is no unit"))
}

fn number(text: &str) -> BigRational {
    factor::product(text).expect("a number")
}

#[test]
fn normal_spellings() {
    for (text, name) in [
        ("kg·m/s²", "kg m/s^2"),
        ("kg*m/s^2", "kg m/s^2"),
        ("N·m", "N m"),
        ("N×m", "N m"),
        ("m·s^-2", "m/s^2"),
        ("m s^{-1}", "m/s"),
        ("m s⁻¹", "m/s"),
        ("s^-1", "s^-1"),
        ("J/(mol K)", "J/(mol K)"),
        ("J/(mol·K)", "J/(mol K)"),
        ("J/mol/K", "J/(mol K)"),
        ("J mol^-1 K^-1", "J/(mol K)"),
        ("J/mol K", "J/(mol K)"),
        ("J/mol·K", "J/(mol K)"),
        ("J/g°C", "J/(g °C)"),
        ("W/m²·K", "W/(m^2 K)"),
        ("J/mol K m", "J/mol×K×m"),
        ("kg/m s", "kg/m×s"),
        ("Kg", "kg"),
        ("kms", "km"),
        ("miles per hour", "mile/hour"),
        ("feet per second squared", "foot/square second"),
        ("meters per second per second", "meter/square second"),
        ("square feet", "square foot"),
        ("cubic centimeters", "cubic centimeter"),
        ("sq. ft.", "ft^2"),
        ("sq ft", "ft^2"),
        ("cm2", "cm^2"),
        ("m3", "m^3"),
        ("kg/m3", "kg/m^3"),
        ("m/s2", "m/s^2"),
        ("° C", "°C"),
        ("deg", "degree"),
        ("degrees F", "°F"),
        ("um", "µm"),
        ("μm", "µm"),
        ("ml", "ml"),
        ("hrs", "h"),
        ("kilometres", "kilometer"),
        ("kilowatt-hours", "kilowatt hour"),
        ("kilowatt hours", "kilowatt hour"),
        ("light-years", "light year"),
        ("newton-meters", "newton meter"),
        ("foot-pounds", "foot pound"),
        ("gram-centimeters", "gram×centimeter"),
        ("dollars per hour", "dollar/hour"),
        ("$/hour", "dollar/hour"),
        ("people per square mile", "person/square mile"),
        ("pounds per square inch", "psi"),
        ("m m", "m^2"),
    ] {
        let found = parse(text, true).or_else(|| take(text, true).map(|(unit, _)| unit));
        assert_eq!(found.map(|unit| unit.name).as_deref(), Some(name), "{text}");
    }
    for text in ["m/m", "m^0", "m^13", "m^1.5", "s2", "x2", "J/(mol", "m per x", "5 am", "as", "K9"]
    {
        assert_eq!(parse(text, true), None, "{text}");
    }
}

#[test]
fn exact_conversions() {
    for (value, from, to, converted, pi_power) in [
        ("5", "cm", "mm", "50", 0),
        ("1", "ft", "m", "0.3048", 0),
        ("1", "foot", "inches", "12", 0),
        ("36", "km/h", "m/s", "10", 0),
        ("36", "km/h", "kph", "36", 0),
        ("1", "mph", "miles per hour", "1", 0),
        ("1", "mile per hour", "m/s", "0.44704", 0),
        ("1", "gal", "cubic inches", "231", 0),
        ("1", "gallon", "quarts", "4", 0),
        ("1", "quart", "fl oz", "32", 0),
        ("1", "acre", "square feet", "43560", 0),
        ("1", "square mile", "acres", "640", 0),
        ("1", "L", "cm^3", "1000", 0),
        ("1", "cc", "mL", "1", 0),
        ("1", "mol/L", "M", "1", 0),
        ("1", "kWh", "MJ", "3.6", 0),
        ("1", "cal", "J", "4.184", 0),
        ("1", "Cal", "kcal", "1", 0),
        ("760", "mmHg", "atm", "1", 0),
        ("1", "atm", "Pa", "101325", 0),
        ("1", "psi", "lbf/in^2", "1", 0),
        ("1", "psi", "pounds per square inch", "1", 0),
        ("1", "hp", "foot-pounds per second", "550", 0),
        ("1", "N m", "J", "1", 0),
        ("1", "kg m^2/s^2", "J", "1", 0),
        ("1", "T", "Wb/m^2", "1", 0),
        ("1", "V", "W/A", "1", 0),
        ("1", "Ω", "V/A", "1", 0),
        ("1", "F", "C/V", "1", 0),
        ("1", "H", "Wb/A", "1", 0),
        ("1", "lx", "lm/m^2", "1", 0),
        ("1", "eV", "J", "1.602176634e-19", 0),
        ("1", "Å", "nm", "0.1", 0),
        ("1", "G", "T", "1e-4", 0),
        ("1", "knot", "nautical miles per hour", "1", 0),
        ("1", "week", "days", "7", 0),
        ("1", "year", "months", "12", 0),
        ("1", "tonne", "kg", "1000", 0),
        ("1", "lb", "oz", "16", 0),
        ("1", "short ton", "lb", "2000", 0),
        ("1", "dollar", "cents", "100", 0),
        ("1", "kB", "B", "1000", 0),
        ("1", "KiB", "B", "1024", 0),
        ("1", "MB", "Mb", "8", 0),
        ("1", "MB/s", "Mbps", "8", 0),
        ("25", "°C", "K", "298.15", 0),
        ("-40", "°F", "°C", "-40", 0),
        ("212", "degrees Fahrenheit", "degrees Celsius", "100", 0),
        ("1", "J/°C", "J/K", "1", 0),
        ("1", "J/°F", "J/K", "1.8", 0),
        ("180", "degrees", "radians", "1", 1),
        ("1", "revolution", "degrees", "360", 0),
        ("1", "degree", "arcmin", "60", 0),
        ("1", "arcmin", "arcsec", "60", 0),
        ("60", "rpm", "revolutions per second", "1", 0),
        ("1", "pc", "AU", "648000", -1),
        ("1", "rem", "mSv", "10", 0),
        ("1", "ft·lb", "lbf ft", "1", 0),
        ("1", "ft-lb", "foot-pounds", "1", 0),
    ] {
        let (from_unit, to_unit) = (unit(from), unit(to));
        let found = from_unit.convert(&number(value), &to_unit);
        assert_eq!(found, Some((number(converted), pi_power)), "{value} {from} in {to}");
    }
}

#[test]
fn what_does_not_convert() {
    for (from, to) in [
        ("cm", "cm^2"),
        ("dollars", "euros"),
        ("pounds", "£"),
        ("apples", "oranges"),
        ("rad/s", "Hz"),
        ("ton", "tonne"),
        ("year", "days"),
        ("Gy", "Sv"),
        ("dB", "pH"),
        ("KB", "kB"),
        ("J/mol K", "J K/mol"),
        ("kg/m s", "kg/(m s)"),
        ("kg/m s", "kg s/m"),
        ("Bq", "Hz"),
        ("lb", "lbf"),
        ("lb/ft", "kg/m"),
        ("ft·lb/s", "foot-pounds per second"),
        ("units", "square units"),
    ] {
        let (from_unit, to_unit) = (unit(from), unit(to));
        assert_eq!(from_unit.convert(&number("1"), &to_unit), None, "{from} in {to}");
    }
}

#[test]
fn upright_letters_are_units() {
    for text in ["m", "mg", "N", "s", "mW/m^2", "μs", "d", "us", "kb"] {
        let (unit, rest) = take_upright(text).expect("a unit");
        assert_eq!((unit.kind, rest), (Kind::Certain, ""), "{text}");
    }
    assert_eq!(take_upright("pm").map(|(unit, _)| unit.kind), Some(Kind::Doubtful));
    assert_eq!(take_upright("am"), None);
}

#[test]
fn known_spellings() {
    let symbols = "m m/s^2 °C deg Ω ohm ohms μm µm um Å eV u amu atm bar torr Torr mmHg psi hp L mL cc \
        gal mol/L M kWh mph rpm Hz T G Wb H F C S lm lx Bq Gy Sv cd ly AU pc acre acres hectare \
        knots lbf lb lbs oz ft in yd mi min s sec h hr hrs ms ns metre litre minutes kV mA µF MeV \
        kcal Cal kPa dB ppm KiB Mbps $ € £ ¥ ¢ ₹ USD mM µM nmol rad sr kat erg dyn N·m V/m Ω·m \
        W/m^2 kg/m^3 g/cm^3 J/kg W/(m·K) C/s bits bytes megabytes microseconds nanometres yr";
    let names = "square feet,cubic centimeters,degrees Celsius,newton meters,light years,\
        nautical miles,astronomical units,metric tons,short tons,fluid ounces,electron volts,\
        miles per gallon,dollars per pound,revolutions per minute,cubic meters per second,kilometers per hour,moles per liter";
    let missing: Vec<&str> = symbols
        .split_ascii_whitespace()
        .chain(names.split(','))
        .filter(|text| parse(text.trim(), true).is_none_or(|unit| unit.kind == Kind::Noun))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn long_texts_are_left_early() {
    for text in ["m".repeat(1 << 20), "m ".repeat(1 << 19), format!("m^{}", "1".repeat(1 << 20))] {
        assert_eq!(take(&text, true), None);
    }
}
