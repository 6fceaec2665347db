using System.Text.Json;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>A module: its class, the plain values in its fields, its own parameters and buffers.</summary>
/// <param name="Path">Where it is in the model; empty for the model itself.</param>
/// <param name="Class">Full name of its class, without the assembly.</param>
/// <param name="Settings">Values by name of the field.</param>
/// <param name="State">Names of the settings that code writes after construction.</param>
/// <param name="Tensors">Parameters and buffers by name.</param>
internal sealed record ModuleDescription(
    string Path,
    string Class,
    IReadOnlyDictionary<string, JsonElement> Settings,
    IReadOnlyList<string> State,
    IReadOnlyDictionary<string, TensorDescription> Tensors
);
