using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Training;

/// <summary>The optimizers of TorchSharp whose state can be carried over, each with all that it may hold.</summary>
internal static class Optimizers
{
    /// <summary>Makers, by name.</summary>
    public static IReadOnlyDictionary<string, Func<IEnumerable<Parameter>, OptimizerHelper>> All { get; } =
        new Dictionary<string, Func<IEnumerable<Parameter>, OptimizerHelper>>(StringComparer.Ordinal)
        {
            ["SGD"] = own => optim.SGD(own, 0.01),
            ["SGD with momentum"] = own => optim.SGD(own, 0.01, momentum: 0.9, weight_decay: 1e-3, nesterov: true),
            ["Adam"] = own => optim.Adam(own, 1e-3, weight_decay: 1e-3),
            ["Adam, amsgrad"] = own => optim.Adam(own, 1e-3, amsgrad: true),
            ["AdamW"] = own => optim.AdamW(own, 1e-3, weight_decay: 1e-2),
            ["Adamax"] = own => optim.Adamax(own, 1e-3),
            ["NAdam"] = own => optim.NAdam(own, 1e-3),
            ["RAdam"] = own => optim.RAdam(own, 1e-3),
            ["Adagrad"] = own => optim.Adagrad(own, 1e-3),
            ["Adadelta"] = own => optim.Adadelta(own, 0.1),
            ["RMSProp"] = own => optim.RMSProp(own, 1e-3, momentum: 0.5, centered: true),
            ["Rprop"] = own => optim.Rprop(own, 1e-3),
            ["ASGD"] = own => optim.ASGD(own, 1e-3),
        };
}
