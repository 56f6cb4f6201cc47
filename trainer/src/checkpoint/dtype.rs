use half::{bf16, f16};

/// The number format of weights in a file. In memory they are always `f32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dtype {
    /// 32-bit IEEE floating point: exact.
    F32,
    /// 16-bit brain floating point: the upper half of `f32`, rounded to nearest even.
    Bf16,
    /// 16-bit IEEE floating point; read, never written.
    F16,
}

impl Dtype {
    /// The name that Hugging Face's `torch_dtype` uses.
    pub fn torch_name(self) -> &'static str {
        match self {
            Self::F32 => "float32",
            Self::Bf16 => "bfloat16",
            Self::F16 => "float16",
        }
    }

    /// The format in which weights read in this format are written again: `f16` becomes `bf16`,
    /// whose range annealed weights cannot leave.
    pub fn written(self) -> Self {
        match self {
            Self::F32 => Self::F32,
            Self::Bf16 | Self::F16 => Self::Bf16,
        }
    }

    /// Bytes a number.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::Bf16 | Self::F16 => 2,
        }
    }

    /// The safetensors name of the format, if it is one of ours.
    pub(crate) fn from_safetensors(dtype: safetensors::Dtype) -> Option<Self> {
        match dtype {
            safetensors::Dtype::F32 => Some(Self::F32),
            safetensors::Dtype::BF16 => Some(Self::Bf16),
            safetensors::Dtype::F16 => Some(Self::F16),
            _ => None,
        }
    }

    pub(crate) fn to_safetensors(self) -> safetensors::Dtype {
        match self {
            Self::F32 => safetensors::Dtype::F32,
            Self::Bf16 => safetensors::Dtype::BF16,
            Self::F16 => safetensors::Dtype::F16,
        }
    }

    /// Little-endian bytes to numbers. A trailing fraction of a number is left out; safetensors
    /// has checked the length before.
    pub(crate) fn decode(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Self::F32 => {
                bytes.as_chunks().0.iter().map(|&chunk| f32::from_le_bytes(chunk)).collect()
            }
            Self::Bf16 => {
                bytes.as_chunks().0.iter().map(|&c| bf16::from_le_bytes(c).to_f32()).collect()
            }
            Self::F16 => {
                bytes.as_chunks().0.iter().map(|&c| f16::from_le_bytes(c).to_f32()).collect()
            }
        }
    }

    /// Numbers to little-endian bytes, rounded to nearest even where the format is narrower.
    pub(crate) fn encode(self, values: &[f32]) -> Vec<u8> {
        match self {
            Self::F32 => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::Bf16 => values.iter().flat_map(|&v| bf16::from_f32(v).to_le_bytes()).collect(),
            Self::F16 => values.iter().flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn f32_round_trips(bits in proptest::collection::vec(any::<u32>(), 0..50)) {
            let values: Vec<f32> = bits.iter().map(|&b| f32::from_bits(b)).collect();
            let again = Dtype::F32.decode(&Dtype::F32.encode(&values));
            prop_assert_eq!(bits, again.iter().map(|v| v.to_bits()).collect::<Vec<_>>());
        }

        #[test]
        fn narrow_formats_round_once(value in -60000.0f32..60000.0) {
            for dtype in [Dtype::Bf16, Dtype::F16] {
                let once = dtype.decode(&dtype.encode(&[value]));
                prop_assert!((once[0] - value).abs() <= value.abs() / 128.0 + 1e-7);
                prop_assert_eq!(&once, &dtype.decode(&dtype.encode(&once)));
            }
        }
    }
}
