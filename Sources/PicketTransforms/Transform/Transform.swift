/// A squeezer or transform as a configuration names it.
///
/// Some are the same for every row; others are *drawn*: what exactly happens comes from the row's random numbers.
public enum Transform: Sendable, Hashable {
    /// `{ bit-depth: 1 }`: bits a pixel, 1...8 (Xu, Evans, Qi, NDSS 2018).
    case bitDepth(Int)
    /// `{ median: 2 }`: side of the window, 2...15 (Xu, Evans, Qi, NDSS 2018).
    case median(Int)
    /// `{ nlm: { search: 11, window: 3, strength: 4 } }`: non-local means (Buades, Coll, Morel, CVPR 2005; as squeezer Xu,
    /// Evans, Qi, NDSS 2018); sides of the searched square and of the compared windows, odd, and the filter's strength in
    /// grey levels of 255.
    case nonLocalMeans(search: Int, window: Int, strength: Double)
    /// `{ jpeg: 75 }`: quality, 1...100.
    case jpeg(Int)
    /// `{ blur: 1 }`: Gaussian, standard deviation in pixels.
    case blur(Double)
    /// `{ tv: 0.03 }`, or `{ tv: { weight: 0.03, keep: 0.5 } }`: total-variation minimisation, from a share of the pixels where
    /// `keep` is below 1 (Guo and others, ICLR 2018).
    case totalVariation(weight: Double, keep: Double)
    /// `{ wavelet: 0.04 }`, or `{ wavelet: estimated }`: denoising for noise of this standard deviation, pixels in 0...1, nil
    /// where it is estimated from the picture (Chang, Yu, Vetterli 2000; Prakash and others, CVPR 2018).
    case wavelet(Double?)
    /// `{ noise: 0.02 }`: Gaussian, standard deviation for pixels in 0...1, held to 0...1 after.
    case noise(Double)
    /// `{ unclamped-noise: 0.25 }`: the same, left as it falls (Cohen, Rosenfeld, Kolter, ICML 2019).
    case unclampedNoise(Double)
    /// `{ deflection: { pixels: 100, window: 10 } }`: so many pixels take the value of another near them (Prakash and others,
    /// CVPR 2018, without their map of activations).
    case deflection(pixels: Int, window: Int)
    /// `{ shift: 1 }` or `{ shift: [1, -2] }`: pixels to the right, and down; −64...64, not both 0.
    case shift(right: Int, down: Int)
    /// `{ rotate: 5 }`: degrees, −45...45, not 0.
    case rotate(Double)
    /// `{ random-rotate: 5 }`: degrees drawn uniformly from −limit...limit; limit over 0, up to 45.
    case randomRotate(Double)
    /// `{ scale: 1.05 }`: enlarged about the centre by this factor, 0.5...2, not 1.
    case scale(Double)
    /// `{ resize-pad: 2 }`: size and place drawn, up to so many pixels smaller; 1...64 (after Xie and others, ICLR 2018).
    case resizePad(Int)
    /// `{ crop: 0.9 }`: a part of this share of each side, its place drawn, resized to the whole (Guo and others, ICLR 2018).
    case crop(Double)
    /// `{ flip: horizontal }`: left and right changed over.
    case flipHorizontal
    /// `{ combine: [ { bit-depth: 4 }, { median: 2 } ] }`: one after the other.
    case combination([Transform])
    /// `{ one-of: [ { jpeg: 75 }, { jpeg: 90 } ] }`: one of them, drawn for every row.
    case choice([Transform])

    /// Whether every row gets its own draw.
    public var isDrawn: Bool {
        switch self {
        case .bitDepth, .median, .nonLocalMeans, .jpeg, .blur, .wavelet, .shift, .rotate, .scale, .flipHorizontal: false
        case .noise, .unclampedNoise, .deflection, .randomRotate, .resizePad, .crop, .choice: true
        case .totalVariation(_, let keep): keep < 1
        case .combination(let steps): steps.contains(where: \.isDrawn)
        }
    }

    /// Whether it leaves everything in its place, and so is a squeezer: no movement, no draw.
    public var isSqueezer: Bool {
        switch self {
        case .bitDepth, .median, .nonLocalMeans, .jpeg, .blur, .wavelet: true
        case .totalVariation(_, let keep): keep == 1
        case .combination(let steps): steps.allSatisfy(\.isSqueezer)
        case .noise, .unclampedNoise, .deflection, .shift, .rotate, .randomRotate, .scale, .resizePad, .crop,
            .flipHorizontal, .choice:
            false
        }
    }
}
