using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles the module <see cref="Slice"/>; the smaller module has other bounds.</summary>
internal sealed class SliceModuleHandler() : FunctionModuleHandler<Slice>(new NarrowHandler())
{
    private static readonly MethodInfo Function = typeof(Tensor).GetMethod(
        "slice",
        [typeof(long), typeof(long), typeof(long), typeof(long)]
    )!;

    protected override FunctionCall CallOf(IOperator op)
    {
        Slice module = ModuleOf(op);
        return new FunctionCall(Function, new InputRef(0), module.Dim, module.Start, module.Finish, module.Step);
    }

    protected override nn.Module Create(Slice original, IReadOnlyDictionary<string, object?> changed) =>
        new Slice(original.Dim, (long)changed["start"]!, (long)changed["finish"]!);
}
