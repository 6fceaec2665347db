using Speedup.Abstractions;

namespace NoEntry;

internal sealed class NoEntryHandler : ModuleHandler<TorchSharp.Modules.Linear>
{
    public override void Relate(IRelations relations) { }
}
