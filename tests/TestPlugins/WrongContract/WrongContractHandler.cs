using Speedup.Abstractions;

namespace WrongContract;

internal sealed class WrongContractHandler : ModuleHandler<TorchSharp.Modules.Linear>
{
    public override void Relate(IRelations relations) { }
}
