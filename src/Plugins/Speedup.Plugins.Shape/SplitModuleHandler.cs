using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles the module <see cref="Split"/>; the smaller module states the length of each part.</summary>
internal sealed class SplitModuleHandler() : FunctionModuleHandler<Split>(new SplitHandler())
{
    private const string Sizes = "split_size_or_sections";
    private static readonly MethodInfo Function = typeof(TorchSharp.torch).GetMethod(
        "split",
        [typeof(Tensor), typeof(long[]), typeof(long)]
    )!;

    /// <summary>Other than the functions, the modules can be told unequal lengths.</summary>
    public static OperatorDescription CommonDescription { get; } =
        new("the constant in its part", "an index of any axis", "one index in each part") { Folded = "states the lengths of its parts" };

    public override OperatorDescription Description => CommonDescription;

    /// <summary>The call that cuts the first input into parts.</summary>
    public static FunctionCall SplitInto(long[] sizes, long dim) => new(Function, new InputRef(0), sizes, dim);

    /// <summary>The lengths of the parts that a call made.</summary>
    public static long[] PartsOf(IOperator op, long dim) =>
        [.. Enumerable.Range(0, op.OutputCount).Select(part => op.Output(part).Shape[op.Output(part).Normalize((int)dim)])];

    /// <summary>The lengths of the parts in the small model.</summary>
    public static long[] SizesIn(IReadOnlyDictionary<string, object?> changed) => (long[])changed[Sizes]!;

    protected override FunctionCall CallOf(IOperator op) => SplitInto(PartsOf(op, ModuleOf(op).Dim), ModuleOf(op).Dim);

    protected override nn.Module Create(Split original, IReadOnlyDictionary<string, object?> changed) =>
        new Split(SizesIn(changed), original.Dim);
}
