using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles the module <see cref="Chunk"/>. It is taken for a split into the lengths that it makes, so that its parts need not stay equal: the
/// smaller module states their lengths.
/// </summary>
internal sealed class ChunkModuleHandler() : FunctionModuleHandler<Chunk>(new SplitHandler())
{
    public override OperatorDescription Description => SplitModuleHandler.CommonDescription;

    protected override FunctionCall CallOf(IOperator op) =>
        SplitModuleHandler.SplitInto(SplitModuleHandler.PartsOf(op, ModuleOf(op).Dim), ModuleOf(op).Dim);

    protected override nn.Module? Create(Chunk original, IReadOnlyDictionary<string, object?> changed)
    {
        long[] sizes = SplitModuleHandler.SizesIn(changed);
        bool areEqual = sizes.Length == original.Chunks && sizes.Distinct().Count() == 1;
        if (areEqual)
            return original.Sizes is null ? null : new Chunk(original.Chunks, original.Dim);
        return Chunk.OfSizes(sizes, original.Dim);
    }
}
