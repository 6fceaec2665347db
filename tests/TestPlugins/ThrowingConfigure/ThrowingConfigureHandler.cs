using Speedup.Abstractions;

namespace ThrowingConfigure;

internal sealed class ThrowingConfigureHandler : ModuleHandler<TorchSharp.Modules.Linear>
{
    public override void Relate(IRelations relations) { }
}
