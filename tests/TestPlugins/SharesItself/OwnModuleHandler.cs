using Speedup.Abstractions;

namespace SharesItself;

internal sealed class OwnModuleHandler : ModuleHandler<OwnModule>
{
    public override void Relate(IRelations relations) => Elementwise.Relate(relations);
}
