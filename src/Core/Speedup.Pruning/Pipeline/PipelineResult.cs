using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Speedup.Pruning.Pipeline;

/// <summary>What a pipeline has made.</summary>
/// <param name="Model">The model of the last stage; it belongs to the caller.</param>
/// <param name="Stages">All stages, in order.</param>
public sealed record PipelineResult([property: JsonIgnore] nn.Module Model, IReadOnlyList<StageResult> Stages);
