"""GRPO in TRL on several turns: environment.yaml, with the environment that `trl grpo` takes no name of.

    python3 train_environment.py --config environment.yaml
"""
from datasets import Dataset
from pentimento_environment import PentimentoEnvironment, pentimento_reward
from trl import DatasetMixtureConfig, GRPOTrainer, get_dataset
from trl.scripts.grpo import make_parser

SEVERAL_TURNS = {'reward_funcs': pentimento_reward, 'environment_factory': PentimentoEnvironment}


def load_tasks(mixture: DatasetMixtureConfig) -> Dataset:
    """The ground truths alone: prompts and images come from the environment."""
    return get_dataset(mixture)['train'].select_columns(['solution'])


def main() -> None:
    _script, training, model, mixture = make_parser().parse_args_and_config()
    training.model_init_kwargs = {'dtype': model.dtype, 'attn_implementation': model.attn_implementation}
    trainer = GRPOTrainer(
        model=model.model_name_or_path, args=training, train_dataset=load_tasks(mixture), **SEVERAL_TURNS
    )
    trainer.train()
    trainer.save_model(training.output_dir)


if __name__ == '__main__':
    main()
