using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Masks;
using Speedup.Core.Persistence;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using static TorchSharp.torch;

namespace Speedup.Core.Hosting;

/// <summary>The one-line way, for a program that has no container of its own.</summary>
public static class ModelSpeedup
{
    /// <summary>
    /// Makes a masked model smaller, in place: loads the plugins of the default folder, the masks of a file, and does what
    /// <see cref="IModelSpeedup.Speedup"/> does.
    /// </summary>
    /// <param name="model">The dense model.</param>
    /// <param name="input">An example input; its values do not matter.</param>
    /// <param name="masksFile">A masks file (<c>.pth</c> or <c>.safetensors</c>).</param>
    /// <param name="configure">Sets options; may be left out.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="Abstractions.SpeedupException">The file or the masks are at fault, or the speedup failed; the model is unchanged.</exception>
    public static SpeedupReport Run(nn.Module model, Tensor input, string masksFile, Action<SpeedupHostOptions>? configure = null)
    {
        using MaskSet masks = MaskFile.Load(masksFile);
        return Run(model, [input], masks, configure);
    }

    /// <summary>As above, for several inputs and masks that are at hand; they stay the caller's.</summary>
    public static SpeedupReport Run(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        Action<SpeedupHostOptions>? configure = null
    )
    {
        using ServiceProvider services = new ServiceCollection().AddSpeedup(configure).BuildServiceProvider();
        return services.GetRequiredService<IModelSpeedup>().Speedup(model, inputs, masks);
    }
}
