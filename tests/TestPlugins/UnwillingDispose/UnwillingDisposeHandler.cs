using Speedup.Abstractions;

namespace UnwillingDispose;

/// <summary>Its container cannot dispose it: that takes DisposeAsync.</summary>
internal sealed class UnwillingDisposeHandler : ModuleHandler<TorchSharp.Modules.Embedding>, IAsyncDisposable
{
    public override void Relate(IRelations relations) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
