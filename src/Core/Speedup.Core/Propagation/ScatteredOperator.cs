using Speedup.Abstractions;
using Speedup.Modules.Pruned;
using TorchSharp;

namespace Speedup.Core.Propagation;

/// <summary>The module inside a <see cref="ScatteredOutput"/>, as the operator that it was.</summary>
internal sealed class ScatteredOperator(GraphOperator view, ScatteredOutput module) : OperatorAdapter(view)
{
    /// <inheritdoc/>
    public override torch.nn.Module Module => module.Inner;

    /// <inheritdoc/>
    public override TensorFacts Output(int position)
    {
        long[] shape = [.. View.Output(position).Shape];
        shape[module.Axis] = (long)Math.Round(shape[module.Axis] * module.KeptShare);
        return new TensorFacts(shape);
    }
}
