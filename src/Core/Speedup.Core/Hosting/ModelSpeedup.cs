using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Core.Reporting;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Core.Hosting;

/// <summary>
/// The one-line way, for a program that has no container of its own: <c>ModelSpeedup.Run(model, input, "masks.pth")</c>. Plugins are
/// loaded once in a process, at the first call. A program with plugins of its own choice keeps one instance:
/// <c>using var speedup = ModelSpeedup.Create(options => options.Plugins.Directory = "...")</c>.
/// </summary>
public sealed class ModelSpeedup : IDisposable
{
    /// <summary>What all calls without plugin options of their own use, as long as the process lives.</summary>
    private static readonly Lazy<ModelSpeedup> Shared = new(() => Create());

    private readonly ServiceProvider _services;
    private readonly IModelSpeedup _engine;

    private ModelSpeedup(SpeedupHostOptions options)
    {
        _services = new ServiceCollection().AddSpeedup().AddSingleton(Options.Create(options)).BuildServiceProvider();
        try
        {
            _engine = _services.GetRequiredService<IModelSpeedup>();
        }
        catch
        {
            _services.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Loads plugins, for any number of runs. Their load contexts live as long as the process, also when the instance is disposed:
    /// create one for each set of plugins, not one for each model.
    /// </summary>
    /// <param name="configure">Sets options; may be left out.</param>
    /// <returns>An instance, which belongs to the caller. Speedups of different models may run at once, on several threads.</returns>
    /// <exception cref="SpeedupException">A plugin in <see cref="PluginOptions.Required"/> has a failure.</exception>
    public static ModelSpeedup Create(Action<SpeedupHostOptions>? configure = null)
    {
        var options = new SpeedupHostOptions();
        configure?.Invoke(options);
        return new ModelSpeedup(options);
    }

    /// <summary>
    /// Makes a masked model smaller, in place: loads the plugins of the default folder, the masks of a file, and does what
    /// <see cref="IModelSpeedup.Speedup"/> does.
    /// </summary>
    /// <param name="model">The dense model.</param>
    /// <param name="input">An example input; its values do not matter.</param>
    /// <param name="masksFile">A masks file (<c>.pth</c>, <c>.safetensors</c>, or lists of channels in <c>.json</c>).</param>
    /// <param name="configure">
    /// Sets options; may be left out. Where it changes <see cref="SpeedupHostOptions.Plugins"/>, plugins are loaded for this call alone, and
    /// stay in the process: for more than one call use <see cref="Create"/>.
    /// </param>
    /// <returns>What was done.</returns>
    /// <exception cref="SpeedupException">
    /// The file or the masks are at fault, there is no plugin, or the speedup failed; the model is unchanged.
    /// </exception>
    public static SpeedupReport Run(nn.Module model, Tensor input, string masksFile, Action<SpeedupHostOptions>? configure = null)
    {
        using MaskSet masks = MaskFile.Load(masksFile, model);
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
        var options = new SpeedupHostOptions();
        configure?.Invoke(options);
        if (options.Plugins.AreDefault)
            return Shared.Value.Run(model, inputs, masks, options.Defaults);
        using var own = new ModelSpeedup(options);
        return own.Run(model, inputs, masks, options.Defaults);
    }

    /// <summary>Makes a masked model smaller, in place, with the plugins of this instance and the masks of a file.</summary>
    /// <param name="model">The dense model.</param>
    /// <param name="input">An example input; its values do not matter.</param>
    /// <param name="masksFile">A masks file (<c>.pth</c>, <c>.safetensors</c>, or lists of channels in <c>.json</c>).</param>
    /// <param name="options">Options; null for those that the instance was created with.</param>
    /// <param name="cancellation">Cancels at the next call in a pass, or between other steps; the model is then unchanged.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="SpeedupException">
    /// The file or the masks are at fault, there is no plugin, or the speedup failed; the model is unchanged.
    /// </exception>
    public SpeedupReport Run(
        nn.Module model,
        Tensor input,
        string masksFile,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        using MaskSet masks = MaskFile.Load(masksFile, model);
        return Run(model, [input], masks, options, cancellation);
    }

    /// <summary>As above, for several inputs and masks that are at hand; they stay the caller's.</summary>
    public SpeedupReport Run(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    ) => _engine.Speedup(model, inputs, masks, options, cancellation);

    /// <summary>Ends the handlers' services. What their assemblies take stays, as every assembly that is loaded.</summary>
    public void Dispose() => _services.Dispose();
}
