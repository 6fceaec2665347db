using Speedup.Pruning.Budgets;

namespace Speedup.Cli.Fashion;

/// <summary>What the example does.</summary>
/// <param name="Folder">The folder with the images, in IDX format.</param>
/// <param name="Budget">What a small model may cost.</param>
/// <param name="Epochs">Epochs of the first training.</param>
/// <param name="TuningEpochs">Epochs of each training after pruning.</param>
/// <param name="Seed">Seed of weights, order and whatever is drawn.</param>
internal sealed record FashionSettings(string Folder, PruningBudget Budget, int Epochs, int TuningEpochs, long Seed);
