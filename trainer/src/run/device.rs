use std::fmt;
use std::str::FromStr;

/// Where to compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// The best device that there is; for now the CPU.
    #[default]
    Auto,
    /// The CPU, with all its cores (`RAYON_NUM_THREADS` for fewer).
    Cpu,
    /// The CUDA device of that number.
    Cuda(usize),
}

/// Why a device cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// The name is of no device.
    #[error("device {0:?} is not known; use auto, cpu or cuda:N")]
    Unknown(String),
    /// There is no engine for the device.
    #[error("device {0}: this version of the trainer computes on the CPU only; use auto or cpu")]
    NoEngine(Device),
}

impl Device {
    /// Checks that there is an engine for the device.
    ///
    /// # Errors
    /// [`DeviceError::NoEngine`] for CUDA.
    pub fn require_cpu(self) -> Result<(), DeviceError> {
        match self {
            Self::Auto | Self::Cpu => Ok(()),
            Self::Cuda(_) => Err(DeviceError::NoEngine(self)),
        }
    }
}

impl FromStr for Device {
    type Err = DeviceError;

    fn from_str(text: &str) -> Result<Self, DeviceError> {
        let unknown = || DeviceError::Unknown(text.to_owned());
        match text {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            _ => {
                let number = text.strip_prefix("cuda:").ok_or_else(unknown)?;
                number.parse().map(Self::Cuda).map_err(|_| unknown())
            }
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, device) in [
            ("auto", Some(Device::Auto)),
            ("cpu", Some(Device::Cpu)),
            ("cuda:3", Some(Device::Cuda(3))),
            ("cuda", Some(Device::Cuda(0))),
            ("cuda:", None),
            ("gpu", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), device, "{text}");
        }
    }
}
