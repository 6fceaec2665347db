using SmallNetworks;
using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace SmallModels.Tests.Support;

/// <summary>Makes networks small, with the plugins of the drop-in folder.</summary>
internal static class Engine
{
    private static readonly ModelSpeedup Shared = ModelSpeedup.Create();

    /// <summary>A trained network, made small.</summary>
    public static nn.Module MakeSmall(SmallNetwork network)
    {
        nn.Module model = network.Trained();
        Run(network, model, network.CreateMasks);
        return model;
    }

    /// <summary>Makes a network smaller, in place.</summary>
    public static SpeedupReport Run(SmallNetwork network, nn.Module model, Func<nn.Module, MaskSet> createMasks)
    {
        using var scope = NewDisposeScope();
        using MaskSet masks = createMasks(model);
        return Shared.Run(model, network.Draw()[0], masks, network.Options);
    }
}
