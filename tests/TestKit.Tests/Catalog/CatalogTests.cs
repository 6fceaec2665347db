using TestKit.Tests.Support;
using Xunit;

namespace TestKit.Tests.Catalog;

/// <summary>The catalog holds all that our own plugins handle.</summary>
public sealed class CatalogTests
{
    private const string NotYet = "its handler is tested by brute force only; it has no line in the catalog yet";

    /// <summary>Module types that a plugin handles and the catalog does not hold yet, each with a reason.</summary>
    private static readonly Dictionary<string, string> Pending = new()
    {
        ["TorchSharp.Modules.AdaptiveMaxPool3d"] = "its forward throws a NullReferenceException in TorchSharp 0.107.0",
        ["Speedup.Abstractions.PrunedMultiheadAttention"] = NotYet,
        ["TorchSharp.Modules.ChannelShuffle"] = NotYet,
        ["TorchSharp.Modules.ConstantPad1d"] = NotYet,
        ["TorchSharp.Modules.ConstantPad2d"] = NotYet,
        ["TorchSharp.Modules.ConstantPad3d"] = NotYet,
        ["TorchSharp.Modules.CosineSimilarity"] = NotYet,
        ["TorchSharp.Modules.Embedding"] = NotYet,
        ["TorchSharp.Modules.Fold"] = NotYet,
        ["TorchSharp.Modules.FractionalMaxPool2d"] = NotYet,
        ["TorchSharp.Modules.FractionalMaxPool3d"] = NotYet,
        ["TorchSharp.Modules.GRU"] = NotYet,
        ["TorchSharp.Modules.GRUCell"] = NotYet,
        ["TorchSharp.Modules.InstanceNorm1d"] = NotYet,
        ["TorchSharp.Modules.InstanceNorm2d"] = NotYet,
        ["TorchSharp.Modules.InstanceNorm3d"] = NotYet,
        ["TorchSharp.Modules.LSTM"] = NotYet,
        ["TorchSharp.Modules.LSTMCell"] = NotYet,
        ["TorchSharp.Modules.LocalResponseNorm"] = NotYet,
        ["TorchSharp.Modules.MaxUnpool1d"] = NotYet,
        ["TorchSharp.Modules.MaxUnpool2d"] = NotYet,
        ["TorchSharp.Modules.MaxUnpool3d"] = NotYet,
        ["TorchSharp.Modules.MultiheadAttention"] = NotYet,
        ["TorchSharp.Modules.PairwiseDistance"] = NotYet,
        ["TorchSharp.Modules.PixelShuffle"] = NotYet,
        ["TorchSharp.Modules.PixelUnshuffle"] = NotYet,
        ["TorchSharp.Modules.RNN"] = NotYet,
        ["TorchSharp.Modules.RNNCell"] = NotYet,
        ["TorchSharp.Modules.ReflectionPad1d"] = NotYet,
        ["TorchSharp.Modules.ReflectionPad2d"] = NotYet,
        ["TorchSharp.Modules.ReflectionPad3d"] = NotYet,
        ["TorchSharp.Modules.ReplicationPad1d"] = NotYet,
        ["TorchSharp.Modules.ReplicationPad2d"] = NotYet,
        ["TorchSharp.Modules.ReplicationPad3d"] = NotYet,
        ["TorchSharp.Modules.Unfold"] = NotYet,
        ["TorchSharp.Modules.ZeroPad2d"] = NotYet,
    };

    [Fact]
    public void Catalog_HoldsEveryHandledModuleType()
    {
        HashSet<Type> tested = [.. ModuleCatalog.Names.Select(name => ModuleCatalog.Make(name, RealPlugins.Kit).ModuleType).OfType<Type>()];

        string[] missing =
        [
            .. RealPlugins
                .ReadModuleTypes()
                .Where(type => !tested.Contains(type))
                .Select(type => type.FullName!)
                .Order(StringComparer.Ordinal),
        ];

        Assert.True(Pending.Keys.Order(StringComparer.Ordinal).SequenceEqual(missing), $"Not in the catalog: {string.Join(", ", missing)}");
    }
}
