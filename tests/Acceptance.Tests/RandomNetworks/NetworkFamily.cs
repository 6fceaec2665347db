namespace Acceptance.Tests.RandomNetworks;

/// <summary>What a random network holds beside ordinary steps.</summary>
public enum NetworkFamily
{
    /// <summary>Nothing else.</summary>
    Plain,

    /// <summary>Tables sliced by lengths, masks from buffers, arithmetic with the batch, branches and loops on sizes.</summary>
    Sizes,

    /// <summary>Buffers and fields that forward writes.</summary>
    State,

    /// <summary>Functions that do something else at other scales of their input.</summary>
    Scales,

    /// <summary>Random numbers in evaluation mode.</summary>
    Chance,
}
