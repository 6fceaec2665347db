using System.Text.Json;

namespace Speedup.Pruning.Descriptions;

/// <summary>A model of the user's assembly: of one of <see cref="Type"/> and <see cref="Factory"/>.</summary>
public sealed record ModelDescription
{
    /// <summary>Full name of its class.</summary>
    public string? Type { get; init; }

    /// <summary>Full name of a static method that returns it.</summary>
    public string? Factory { get; init; }

    /// <summary>Arguments of constructor or factory: an object by names, or an array in order.</summary>
    public JsonElement? Args { get; init; }

    /// <summary>Weights to load into it (.pth or .safetensors), relative to the description; null for those of its constructor.</summary>
    public string? Weights { get; init; }
}
