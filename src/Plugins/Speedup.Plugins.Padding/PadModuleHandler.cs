using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Plugins.Padding;

/// <summary>Handles the module <see cref="Pad"/>; the smaller module pads fewer channels.</summary>
internal sealed class PadModuleHandler() : FunctionModuleHandler<Pad>(new PaddingFunctionHandler())
{
    private static readonly MethodInfo Function = typeof(nn.functional).GetMethod(
        "pad",
        [typeof(Tensor), typeof(long[]), typeof(PaddingModes), typeof(double)]
    )!;

    protected override FunctionCall CallOf(IOperator op)
    {
        Pad module = ModuleOf(op);
        return new FunctionCall(Function, new InputRef(0), module.Sizes.ToArray(), module.Mode, module.Value);
    }

    protected override nn.Module Create(Pad original, IReadOnlyDictionary<string, object?> changed) =>
        new Pad((long[])changed["pad"]!, original.Mode, original.Value);
}
