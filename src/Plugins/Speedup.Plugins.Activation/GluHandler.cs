using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Activation;

/// <summary>Handles <c>nn.GLU</c>.</summary>
internal sealed class GluHandler : ModuleHandler<GLU>
{
    public override OperatorDescription Description => GluRule.Words;

    public override void InferFromInput(IOperator op) => GluRule.InferFromInput(op, ModuleOf(op).dim);

    public override void InferFromOutput(IOperator op) => GluRule.InferFromOutput(op, ModuleOf(op).dim);

    public override void Relate(IRelations relations) => GluRule.Relate(relations, ModuleOf(relations).dim);
}
