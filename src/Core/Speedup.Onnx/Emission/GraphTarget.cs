using Speedup.Core.CodeWriting.Plans;
using Speedup.Core.Graph;
using static TorchSharp.torch;

namespace Speedup.Onnx.Emission;

/// <summary>A plan for a graph: any module may be called, since what has no operator is found when the graph is written; values do not change.</summary>
internal sealed class GraphTarget : IPlanTarget
{
    /// <inheritdoc/>
    public bool HasVariables => false;

    /// <inheritdoc/>
    public string? FindRefusal(nn.Module module, GraphNode node) => null;

    /// <inheritdoc/>
    public CodeValue.Construction? FindConstruction(nn.Module module) => null;
}
