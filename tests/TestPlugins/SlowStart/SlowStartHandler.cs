using Speedup.Abstractions;

namespace SlowStart;

internal sealed class SlowStartHandler : ModuleHandler<TorchSharp.Modules.Bilinear>
{
    public override void Relate(IRelations relations) { }
}
