using Speedup.Abstractions;
using static TorchSharp.torch.nn;

namespace Plugins.Tests.Support;

/// <summary>A handler that claims types and does nothing.</summary>
internal sealed class StubModuleHandler(params Type[] types) : ModuleHandler<Module>
{
    public override IReadOnlyList<Type> ModuleTypes => types;

    public override void Relate(IRelations relations) { }
}
