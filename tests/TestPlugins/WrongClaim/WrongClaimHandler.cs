using Speedup.Abstractions;

namespace WrongClaim;

internal sealed class WrongClaimHandler : ModuleHandler<TorchSharp.Modules.Linear>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(string)];

    public override void Relate(IRelations relations) { }
}
