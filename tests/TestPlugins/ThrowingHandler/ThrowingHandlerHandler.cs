using Speedup.Abstractions;

namespace ThrowingHandler;

internal sealed class ThrowingHandlerHandler : ModuleHandler<TorchSharp.Modules.Linear>
{
    public override IReadOnlyList<Type> ModuleTypes => throw new InvalidOperationException("handler says no");

    public override void Relate(IRelations relations) { }
}
