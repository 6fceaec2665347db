using Speedup.Abstractions;

namespace ThrowingConstructor;

internal sealed class ThrowingConstructorHandler : ModuleHandler<TorchSharp.Modules.Linear>
{
    public override void Relate(IRelations relations) { }
}
