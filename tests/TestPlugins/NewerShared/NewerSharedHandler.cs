using Speedup.Abstractions;

namespace NewerShared;

internal sealed class NewerSharedHandler : ModuleHandler<TorchSharp.Modules.Linear>
{
    public override void Relate(IRelations relations) { }
}
