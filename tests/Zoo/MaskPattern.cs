namespace Zoo;

/// <summary>What the masks of a run prune.</summary>
public enum MaskPattern
{
    /// <summary>No masks at all.</summary>
    None,

    /// <summary>The 30 % of each layer's rows with the smallest L1 norm; layers that make the output stay.</summary>
    L1Share30,

    /// <summary>50 % of each layer.</summary>
    L1Share50,

    /// <summary>90 % of each layer.</summary>
    L1Share90,

    /// <summary>Random rows, of a random share in each layer.</summary>
    RandomPerLayer,

    /// <summary>Half of one layer in the middle.</summary>
    OneLayer,

    /// <summary>Half of every layer, the output's too, weights and biases.</summary>
    AllLayers,

    /// <summary>Half of the channels of every BatchNorm, weight and bias.</summary>
    BatchNormScale,
}
