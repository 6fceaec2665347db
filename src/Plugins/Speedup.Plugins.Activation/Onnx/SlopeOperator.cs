using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes <c>prelu</c>: the slopes are of the channels, which are axis 1.</summary>
internal sealed class SlopeOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(PReLU)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("prelu");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        OnnxValue slopes = call.Module is null ? call.Tensors[1] : call.FindParameter("weight")!;
        long[] inner = [.. Enumerable.Range(1, Math.Max(0, x.Rank - 2)).Select(axis => (long)axis)];
        if (inner.Length > 0 && slopes.Rank == 1)
            slopes = graph.Unsqueeze(slopes, inner);
        call.Return(graph.Add("PRelu", [x, slopes]));
    }
}
