using Speedup.Abstractions;

namespace UnregisteredService;

internal sealed class UnregisteredServiceHandler(INobodyRegistersThis service) : ModuleHandler<TorchSharp.Modules.Linear>
{
    public override void Relate(IRelations relations) => service.ToString();
}
